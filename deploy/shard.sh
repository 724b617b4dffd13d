#!/usr/bin/env bash
# Begins a shard of a night in FOLDER, or goes on with the one that was begun there. The tool itself reads from the
# environment which shard of how many it is: docs/campaigns.md.
#
#   deploy/shard.sh FOLDER
#
# STRESS   how the tool is started, such as "dotnet /shared/stress/stress.dll"
# PLAN     a plan that comes with the tool, or a JSON file
# SEED     one seed for all shards
# WORKERS  explorers of each shard, the same for all
set -euo pipefail

folder="${1:?usage: shard.sh FOLDER}"
: "${STRESS:?}" "${PLAN:?}" "${SEED:?}" "${WORKERS:?}"
mkdir -p "$folder"

# A shard that was begun has its schedule in its folder, and goes on as it was begun.
if compgen -G "$folder/*/schedule.json" > /dev/null; then
    arguments=(nightly --resume --out "$folder")
else
    arguments=(nightly --plan "$PLAN" --seed "$SEED" --workers "$WORKERS" --out "$folder")
fi
echo "$(basename "$folder"): stress ${arguments[*]}"
# shellcheck disable=SC2086 # a command and its arguments
exec $STRESS "${arguments[@]}"
