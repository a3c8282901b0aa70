import { chromium } from "@playwright/test";
import { gzipSync } from "node:zlib";
const base = process.env.BASE ?? "http://127.0.0.1:4811";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const ctx = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await ctx.newPage();
const msgs=[]; page.on("console", m => msgs.push(m.type()+" "+m.text().slice(0,300))); page.on("pageerror", e => msgs.push("pageerror "+e));
await page.goto(base + "/"); await page.waitForTimeout(1500);
await page.screenshot({ path: "/tmp/shots/signin.png" });
await page.getByRole("textbox", { name: "Your name" }).fill("Ada " + Math.random().toString(36).slice(2,5));
await page.getByRole("button", { name: "Continue" }).click();
await page.waitForURL(/general/); await page.waitForTimeout(1000);
const p2 = await ctx.newPage();
const list=[]; p2.on("response", async r => { if (/\.js(\?|$)/.test(r.url())) { const b = await r.body().catch(()=>null); if (b) list.push([r.url().split("/").pop(), b.length, gzipSync(b).length]); }});
await p2.goto(base + (process.argv[2] ?? "/r/general")); await p2.waitForTimeout(5000);
let g=0, raw=0; for (const [n,a,b] of list.sort((x,y)=>y[2]-x[2])) { console.log(n,a,b); g+=b; raw+=a; }
console.log("files", list.length, "raw", raw, "gz", (g/1024).toFixed(1)+" KiB", (g/1000).toFixed(1)+" kB");
console.log([...new Set(msgs)].join("\n"));
await browser.close();
