#!/bin/sh
# Fails when one of the files holds a secret of a known form: sh scripts/find_secrets.sh FILE...
# What looks like one by name or by entropy alone is left to ruff's S rules and to review.
exec .venv/bin/python -m detect_secrets.pre_commit_hook \
    --plugin scripts/meta_tokens.py \
    --disable-plugin KeywordDetector \
    --disable-plugin BasicAuthDetector \
    --disable-plugin HexHighEntropyString \
    --disable-plugin Base64HighEntropyString \
    "$@"
