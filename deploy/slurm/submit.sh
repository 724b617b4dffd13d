#!/usr/bin/env bash
# Submits a campaign, and the merge that waits for its end. A shard with a verdict that is not the expected one ends with
# exit code 1, which Slurm calls failed: the merge waits for its end, not for its success.
#
#   STRESS="dotnet /shared/stress/stress.dll" deploy/slurm/submit.sh PLAN SEED NIGHTS [SHARDS]
set -euo pipefail

if [ $# -lt 3 ] || [ -z "${STRESS:-}" ]; then
    echo 'usage: STRESS="dotnet /shared/stress/stress.dll" submit.sh PLAN SEED NIGHTS [SHARDS]' >&2
    exit 2
fi
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
DEPLOY="$(dirname "$here")"
export DEPLOY STRESS PLAN="$1" SEED="$2" NIGHTS="$3" WORKERS="${WORKERS:-2}"
shards="${4:-16}"
mkdir -p "$NIGHTS/logs" "$NIGHTS/shards"

array="$(sbatch --parsable --array="1-$shards" --output="$NIGHTS/logs/%a.log" "$here/campaign.sbatch")"
merge="$(sbatch --parsable --dependency="afterany:$array" --job-name=stress-merge --output="$NIGHTS/logs/merge.log" \
    --wrap="$STRESS merge '$NIGHTS'/shards/* --out '$NIGHTS/merged'")"
echo "$array: $shards shards; $merge: their merge, into $NIGHTS/merged"
