"""Posts to CRM Sync which record has changed, signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com).

Needs Python 3.8 or later and nothing else, and the signing secret in CRM_SYNC_WEBHOOK_SECRET.
"""
import base64
import hashlib
import hmac
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

ADDRESS = "{{address}}"
PAUSES_SECONDS = [1, 5, 30, 120]


def signature_of(secret: str, delivery_id: str, timestamp: str, body: str) -> str:
    key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else secret)
    signed = f"{delivery_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def send(body: str, secret: str, delivery_id: str = "") -> None:
    """`delivery_id` is the same when the same delivery is sent again. Returns when it was taken."""
    delivery_id = delivery_id or f"msg_{uuid.uuid4()}"
    for pause in PAUSES_SECONDS + [None]:
        timestamp = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature_of(secret, delivery_id, timestamp, body),
        }
        request = urllib.request.Request(ADDRESS, data=body.encode(), headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except urllib.error.HTTPError as answer:
            status = answer.code
        except OSError:
            status = 0
        if pause is None or not (status in (0, 408, 429) or status >= 500):
            raise RuntimeError(f"CRM Sync answered {status}")
        time.sleep(pause)


if __name__ == "__main__":
    send(sys.argv[1] if len(sys.argv) > 1 else "{{sample}}", os.environ["CRM_SYNC_WEBHOOK_SECRET"])
