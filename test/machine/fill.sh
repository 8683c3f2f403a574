# What makes a Debian a machine like the hosted runner. Run in it, by build.sh. Usage: fill.sh OFFERED,OFFERED…
set -eu

# Packages that the product fetches itself: a source of apt's that needs no network.
mkdir /opt/packages
cd /opt/packages
apt-get -q update
apt-get -q -o APT::Sandbox::User=root download $(echo "$1" | tr , ' ')
for file in *.deb; do
  dpkg-deb --field "$file"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d ' ' -f 1)"
done > Packages
echo 'deb [trusted=yes] file:/opt/packages ./' > /etc/apt/sources.list
rm -rf /etc/apt/sources.list.d/*
apt-get clean
rm -rf /var/lib/apt/lists/*
apt-get -q update

# The disk is found by what is built for it, and little else is loaded before it.
sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' /etc/initramfs-tools/initramfs.conf
printf 'virtio_pci\nvirtio_blk\next4\n' > /etc/initramfs-tools/modules
update-initramfs -u

# A hosted runner's user: uid 1001, docker, sudo without a password.
useradd --uid 1001 --create-home --shell /bin/bash --groups docker,sudo runner
chmod 750 /home/runner
echo 'runner ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/runner
chmod 440 /etc/sudoers.d/runner

echo runner-machine > /etc/hostname
printf '127.0.0.1 localhost runner-machine\n::1 localhost\n' > /etc/hosts
: > /etc/resolv.conf
mkdir -p /home/runner/work/agent-jail
chown -R runner:runner /home/runner/work
echo 'LABEL=machine / ext4 defaults 0 0
LABEL=work /home/runner/work/agent-jail ext4 defaults 0 0' > /etc/fstab

# The job: as the agent of a hosted runner starts it, from a service and without a login. Its words go to the second serial line.
cat > /etc/systemd/system/job.service << 'END'
[Unit]
Description=Job
After=multi-user.target docker.service
[Service]
User=runner
WorkingDirectory=/home/runner/work/agent-jail
Environment=LANG=C.UTF-8
ExecStartPre=+/bin/sh -c 'stty -F /dev/ttyS1 raw; chmod 666 /dev/ttyS1'
ExecStart=/bin/bash -o pipefail -c './job.sh 2>&1 | cat > /dev/ttyS1'
ExecStopPost=+/bin/sh -c 'echo "job: $EXIT_CODE $EXIT_STATUS" > /dev/ttyS1; sleep 1; systemctl poweroff --force'
TimeoutStopSec=infinity
OOMPolicy=continue
[Install]
WantedBy=graphical.target
END
systemctl enable job.service
systemctl set-default graphical.target
# Nothing here looks after a machine that lives for an hour.
systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  systemd-timesyncd.service serial-getty@ttyS0.service serial-getty@ttyS1.service getty@tty1.service
