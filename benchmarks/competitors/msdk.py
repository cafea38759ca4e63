"""Composes the settings of tap-rest-api-msdk, and runs it: `msdk.py json URL NAME STREAM=SCHEMA`."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from tap_rest_api_msdk.tap import TapRestApiMsdk

if __name__ == "__main__":
    _, _, url, name, table = sys.argv
    stream, _, schema = table.partition("=")
    parts = urlsplit(url)
    config = {
        "api_url": f"{parts.scheme}://{parts.netloc}",
        "pagination_request_style": "jsonpath_paginator",
        "pagination_response_style": "hateoas_body",
        "next_page_token_path": "$.next_page",
        "streams": [{"name": stream, "path": parts.path, "records_path": f"$.{name}[*]", "schema": schema}],
    }
    TapRestApiMsdk(config=config).sync_all()
