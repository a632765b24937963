#!/bin/sh
# Posts to CRM Sync which record has changed, signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com).
# Needs curl and openssl, and the signing secret in CRM_SYNC_WEBHOOK_SECRET:
#   CRM_SYNC_WEBHOOK_SECRET=whsec_… sh send.sh '{{sample}}'
set -eu

sample='{{sample}}'
body=${1:-$sample}
# The same when the same delivery is sent again.
id="msg_$(openssl rand -hex 16)"
timestamp=$(date +%s)
key=$(printf %s "${CRM_SYNC_WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$timestamp.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

# Again after no answer, 408, 429 and 5xx; anything else says that it was taken, or never will be.
curl --silent --show-error --fail --max-time 10 --retry 5 --retry-connrefused \
  --header 'content-type: application/json' \
  --header "webhook-id: $id" \
  --header "webhook-timestamp: $timestamp" \
  --header "webhook-signature: v1,$signature" \
  --data-binary "$body" \
  '{{address}}'
