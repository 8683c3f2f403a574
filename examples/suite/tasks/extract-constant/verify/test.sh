set -eu
! RETRIES=1 ./retry.sh false 2> /tmp/said
grep -q "failed 1 times" /tmp/said
! ./retry.sh false 2> /tmp/said
grep -q "failed 3 times" /tmp/said
./retry.sh true
