set -eu
[ "$(sh total.sh sales.csv)" = 42 ]
printf 'item,amount\na,1\nb,2\n' > /tmp/other.csv
[ "$(sh total.sh /tmp/other.csv)" = 3 ]
