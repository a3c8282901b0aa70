# Ends the process groups it was told of as soon as its standard input closes, that is when the process that started it
# is gone, however it went. Lines: "+ <group>" and "- <group>". A shell, because it costs 1 MB and runs on every system.
trap '' INT TERM HUP
groups=''
while read -r change group; do
	case $change in
	+) groups="$groups $group" ;;
	-)
		kept=''
		for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
		groups=$kept
		;;
	esac
done
[ -n "$groups" ] || exit 0
for one in $groups; do kill -s TERM -- "-$one"; done 2>/dev/null
sleep 2
for one in $groups; do kill -s KILL -- "-$one"; done 2>/dev/null
exit 0
