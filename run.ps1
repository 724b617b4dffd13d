#!/usr/bin/env pwsh
# Runs the stress command from any folder: ./run.ps1 nightly --plan quick
dotnet run -c Release --project (Join-Path $PSScriptRoot 'stress') -- @args
exit $LASTEXITCODE
