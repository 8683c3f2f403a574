set -eu
! grep -r fetch_data .
grep -q read_data lib.sh main.sh check.sh
[ "$(./main.sh | tr '\n' ' ')" = "1 2 3 " ]
[ "$(./check.sh)" = there ]
