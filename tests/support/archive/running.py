"""Runs the two servers that the archive talks to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from ops.archive.bucket import Bucket


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where they answer."""

    elasticsearch: str
    s3: str
    client: Any

    def bucket(self, name: str, days: int) -> Bucket:
        """A new one, with an object lock."""
        self.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        return Bucket(client=self.client, name=name, prefix="audit/env=test", days=days, mode="COMPLIANCE", hold=False)


@contextmanager
def running() -> Iterator[Servers]:
    """Both, until the block ends."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.archive.servers"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    s3 = told["s3"]
    os.environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    yield Servers(elasticsearch=told["elasticsearch"], s3=s3, client=boto3.client("s3", endpoint_url=s3))
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=30)
