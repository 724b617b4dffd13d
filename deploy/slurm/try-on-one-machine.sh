#!/usr/bin/env bash
# Sets up a toy Slurm cluster on this machine: one controller and several nodes, each a slurmd of its own.
# Needs the Debian packages slurm-wlm and munge, and the right to start processes as this user; no file of /etc is touched.
#
#   deploy/slurm/try-on-one-machine.sh start DIR [NODES]   sets it up in DIR; then: export SLURM_CONF=DIR/slurm.conf
#   deploy/slurm/try-on-one-machine.sh kill DIR NODE       kills a node with all that runs on it, as a power cut would
#   deploy/slurm/try-on-one-machine.sh stop DIR            ends it
set -euo pipefail

usage() {
    sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

start() {
    local nodes="${1:-4}"
    mkdir -p "$dir"/{state,spool,log,run}
    chmod 755 "$dir"
    (umask 077 && head -c 128 /dev/urandom > "$dir/munge.key")
    munged --key-file="$dir/munge.key" --socket="$dir/run/munge.socket" --pid-file="$dir/run/munge.pid" \
        --log-file="$dir/log/munge.log" --seed-file="$dir/state/munge.seed" --force
    # A node that does not answer for 10 seconds is down, and its jobs are queued again.
    cat > "$dir/slurm.conf" <<CONF
ClusterName=toy
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.socket,cred_expire=10
SlurmctldPort=16817
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SlurmdTimeout=10
JobRequeue=1
ReturnToService=2
MailProg=/bin/true
NodeName=n[1-$nodes] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[16821-$((16820 + nodes))] CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    slurmctld -f "$dir/slurm.conf"
    for n in $(seq "$nodes"); do
        mkdir -p "$dir/spool/n$n"
        slurmd -f "$dir/slurm.conf" -N "n$n"
    done
    echo "export SLURM_CONF=$dir/slurm.conf"
}

# The slurmstepd of a job reports its end: it dies first, so that the controller learns nothing, as in a power cut.
kill_node() {
    local node="$1" pid parent
    kill -KILL "$(cat "$dir/run/$node.pid")"
    for pid in $(ps -o pid= -u "$(id -un)"); do
        if grep -zqxs "SLURMD_NODENAME=$node" "/proc/$pid/environ"; then
            parent="$(ps -o ppid= -p "$pid" | tr -d ' ')"
            if ps -o args= -p "${parent:-0}" | grep -q '^slurmstepd'; then
                kill -KILL "$parent"
            fi
            kill -KILL "$pid" 2> /dev/null || true
        fi
    done
}

stop() {
    local pid
    for pid in "$dir"/run/n*.pid "$dir/run/slurmctld.pid" "$dir/run/munge.pid"; do
        if [ -f "$pid" ]; then
            kill "$(cat "$pid")" 2> /dev/null || true
        fi
    done
}

[ $# -ge 2 ] || usage
verb="$1"
dir="$(realpath -m "$2")"
shift 2
case "$verb" in
    start) start "$@" ;;
    kill) [ $# -eq 1 ] || usage; kill_node "$1" ;;
    stop) stop ;;
    *) usage ;;
esac
