#!/usr/bin/env bash
# A window on a virtual screen, used as a person does: viewer_window.sh VIEWER REPORT
# Prints what the viewer printed of its actions; fails with what it waited for in vain.
set -euo pipefail
viewer=$1
report=$2
for tool in Xvfb xdotool; do
    command -v "$tool" >/dev/null || {
        echo "$tool is not installed; ./dev deps test installs it" >&2
        exit 1
    }
done
work=$(mktemp -d)
screen='' program=''
end() {
    [[ -z $program ]] || kill "$program" 2>/dev/null || true
    [[ -z $screen ]] || kill "$screen" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT

# wait_for WHAT COMMAND...: until the command succeeds; gives up when the viewer has ended or after two minutes.
wait_for() {
    local what=$1 i
    shift
    for ((i = 0; i < 1200; ++i)); do
        if "$@"; then return 0; fi
        [[ -z $program ]] || kill -0 "$program" 2>/dev/null || break
        sleep 0.1
    done
    echo "waited in vain for $what; the viewer printed:" >&2
    cat "$work/actions" "$work/errors" >&2
    exit 1
}
printed() { grep -qE "^$1" "$work/actions"; }
is_open() { [[ $(xdotool getwindowname "$window" 2>/dev/null) == *" - Tutti" ]]; }
has_display() { [[ -s $work/display ]]; }
has_window() { window=$(xdotool search --name Tutti 2>/dev/null | head -n 1) && [[ -n $window ]]; }

: >"$work/actions" >"$work/errors"
# On stdout, which goes to a file: the number of a display that was free.
Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp -noreset >"$work/display" 2>"$work/screen_errors" &
screen=$!
wait_for "a virtual screen" has_display
DISPLAY=:$(cat "$work/display")
export DISPLAY XDG_STATE_HOME=$work
"$viewer" "$report" --print-actions --validate >"$work/actions" 2>"$work/errors" &
program=$!
wait_for "a window" has_window
wait_for "the report in the title" is_open

point() { xdotool mousemove --window "$window" "$1" "$2" && sleep 0.4; }
xdotool windowfocus "$window"
point 400 300 # hover over the matrix
point 155 205
xdotool click 1
wait_for "a pair that is selected" printed 'select Snare Kick'
point 900 500
xdotool click 4 # the wheel
wait_for "time that is zoomed" printed 'time '
xdotool mousedown 1
point 950 550
point 1000 600
xdotool mouseup 1
wait_for "a region" printed 'region '
xdotool key n
wait_for "the first sentence" printed 'jump 1'
xdotool key slash
sleep 0.4
xdotool type --delay 100 vox
wait_for "what is typed into the search" printed 'search vox'
xdotool key Escape
wait_for "a search that is forgotten" printed 'search ""'
sleep 0.4
xdotool key w
wait_for "changes that can be tried" printed 'what-if on'
point 1330 500 # the spectrum, where a bell is dragged
xdotool mousedown 1
point 1310 490
point 1290 480
xdotool mouseup 1
wait_for "a bell" printed 'bell .* -[0-9.]+ 1$'
wait_for "the end of the drag" printed 'end-drag'
xdotool key ctrl+z
wait_for "a bell that is taken back" printed 'undo'
xdotool key w
wait_for "the sentences again" printed 'what-if off'
sleep 0.4
xdotool key c
sleep 0.4
xdotool type --delay 100 '2-3 kHz 50 %'
wait_for "what is typed into the filter" printed 'filter "2-3 kHz 50 %"'
xdotool key Escape
wait_for "a filter that is forgotten" printed 'filter ""'
sleep 0.4
point 300 680
xdotool click 1
wait_for "a sentence that is clicked" printed 'jump [1-9]'
xdotool windowsize "$window" 1100 700
sleep 0.5
# The buttons stand where they stood; what hangs on the size has moved.
point 200 61
xdotool click 1
wait_for "a button after resizing" printed 'subject groups'
xdotool key question
wait_for "the list of keys" printed 'keys on'
xdotool key ctrl+q
wait_for "the end" printed 'quit'
wait "$program" || {
    echo "the viewer ended with status $?:" >&2
    cat "$work/errors" >&2
    exit 1
}
program=''
cat "$work/actions"
