good=0
for address in a@b.c ada@example.org; do sh valid.sh "$address" && good=$((good + 1)); done
for address in '' a@b a.b@c a@b@c.d; do sh valid.sh "$address" || good=$((good + 1)); done
# A part of the truth is a part of the reward.
awk "BEGIN { print $good / 6 }" > "$AGENT_JAIL_RESULT"
