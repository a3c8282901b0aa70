"use client";
import { type DragEvent, useState } from "react";

/** Where something that is dragged would come to stand: before or after this one. */
export interface DropPlace {
	id: string;
	side: "before" | "after";
}

export interface DragOrder {
	draggedId: string | null;
	place: DropPlace | null;
	/** For what is taken by the pointer. `row` is what is seen to move. */
	start: (event: DragEvent, id: string, row: Element | null) => void;
	over: (event: DragEvent, id: string) => void;
	drop: (event: DragEvent) => void;
	end: () => void;
}

/** Puts a list in order by dragging. `onMove` hears the place among the others, 0 for the first. */
export function useDragOrder(ids: readonly string[], onMove: (id: string, at: number) => void): DragOrder {
	const [draggedId, setDraggedId] = useState<string | null>(null);
	const [place, setPlace] = useState<DropPlace | null>(null);
	const end = () => {
		setDraggedId(null);
		setPlace(null);
	};
	return {
		draggedId,
		place: place?.id === draggedId ? null : place,
		start(event, id, row) {
			event.dataTransfer.effectAllowed = "move";
			event.dataTransfer.setData("text/plain", ""); // Firefox drags nothing that carries nothing
			if (row) event.dataTransfer.setDragImage(row, 12, 12);
			setDraggedId(id);
		},
		over(event, id) {
			if (draggedId === null) return;
			event.preventDefault();
			event.dataTransfer.dropEffect = "move";
			const { top, height } = event.currentTarget.getBoundingClientRect();
			const side = event.clientY < top + height / 2 ? "before" : "after";
			if (place?.id !== id || place.side !== side) setPlace({ id, side });
		},
		drop(event) {
			event.preventDefault();
			if (draggedId !== null && place !== null && place.id !== draggedId) {
				const others = ids.filter((id) => id !== draggedId);
				onMove(draggedId, others.indexOf(place.id) + (place.side === "after" ? 1 : 0));
			}
			end();
		},
		end,
	};
}
