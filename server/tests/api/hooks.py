"""What schemathesis needs to know of this API: bodies are CBOR, which no JSON schema describes.

Every route gets junk, and as often a body that is well formed for it: what is in it is made up, or of the circle in the
protocol's test vectors, which can be given back to the server."""

import json
import pathlib
import struct

import schemathesis
from hypothesis import strategies as st


def head(major, number):
    """The shortest head of a CBOR item (RFC 8949, section 3)."""
    for limit, extra, form in ((24, None, None), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I")):
        if number < limit:
            if extra is None:
                return bytes([major << 5 | number])
            return bytes([major << 5 | extra]) + struct.pack(form, number)
    return bytes([major << 5 | 27]) + struct.pack(">Q", number)


def encode(value):
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return head(3, len(text)) + text
    return head(4, len(value)) + b"".join(encode(part) for part in value)


sizes = st.sampled_from([0, 1, 15, 16, 17, 24, 32, 33, 64, 255, 256, 1000])
leaves = (
    st.none()
    | st.booleans()
    | st.integers(min_value=0, max_value=2**64 - 1)
    | st.text(alphabet="kith.é", max_size=20)
    | sizes.flatmap(lambda size: st.binary(min_size=size, max_size=size))
)
items = st.recursive(leaves, lambda inner: st.lists(inner, max_size=6), max_leaves=20)
well_formed = items.map(encode)
cut_off = st.tuples(well_formed, st.integers(min_value=0, max_value=64)).map(lambda pair: pair[0][: pair[1]])
junk = well_formed | cut_off | st.binary(max_size=200)


VECTORS = pathlib.Path(__file__).parents[3] / "shared/protocol/vectors/access.json"
vector = json.loads(VECTORS.read_text())
CIRCLE = bytes.fromhex(vector["circle"])
RECORDS = [[[bytes.fromhex(r["bytes"]), bytes.fromhex(r["signature"])], r["stamp"]] for r in vector["records"]]


def record(*parts):
    """An array with one of each of these."""
    return st.tuples(*parts).map(list)


def of_size(size):
    return st.binary(min_size=size, max_size=size)


numbers = st.integers(min_value=0, max_value=9) | st.integers(min_value=0, max_value=2**64 - 1)
circles = st.just(CIRCLE) | of_size(32)
prefixes = st.just(CIRCLE[:16]) | of_size(16)
parties = record(st.just(0), st.integers(min_value=1, max_value=9)) | record(st.just(1), of_size(16))
streams = st.integers(min_value=0, max_value=3) | record(st.just(4), st.integers(min_value=1, max_value=9))
tokens = of_size(32)
cursors = record(streams, numbers, of_size(32))
wraps = st.lists(record(parties, record(st.just(0), streams, numbers), of_size(32), of_size(48)), max_size=4)
signed = st.sampled_from([signed for signed, _ in RECORDS]) | record(st.binary(max_size=300), of_size(64))
records = st.lists(st.sampled_from(RECORDS) | record(signed, numbers), min_size=1, max_size=8)
# As they follow each other: from anywhere to anywhere.
places = st.integers(min_value=1, max_value=len(RECORDS))
parts_of_the_stream = st.tuples(st.just(1) | places, places).map(
    lambda ends: [CIRCLE, min(ends), RECORDS[min(ends) - 1 : max(ends)]]
)
frames = (
    record(st.just(0), record(st.just([1]), tokens, st.lists(cursors, max_size=3), st.booleans()))
    | record(st.just(6), record(signed, wraps))
    | record(st.just(7), wraps)
    | record(st.just(11), record(st.just(0), numbers, records))
    | record(st.just(12), st.lists(cursors, max_size=3))
)

BODIES = {
    # Never founded: with another stamp it would be another history than the one that is given back.
    "/v1/circles": record(signed, wraps),
    "/v1/circles/return": parts_of_the_stream | record(circles, numbers, records),
    "/v1/challenge": record(prefixes, parties),
    "/v1/token": record(circles, parties, of_size(32), of_size(64)),
    "/v1/challenge/key": record(st.integers(min_value=8, max_value=16).map(lambda size: CIRCLE[:size]) | prefixes),
    "/v1/token/key": record(circles, of_size(32), of_size(32), of_size(64)),
    "/v1/sync": st.lists(frames, max_size=4),
    "/v1/pairings": record(tokens, of_size(16), numbers),
    "/v1/pairings/{id}/read": record(tokens),
    "/v1/pairings/{id}/close": record(tokens),
}

schemathesis.openapi.media_type("application/cbor", junk)


@schemathesis.serializer("application/cbor")
def cbor(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_generate_body(context, strategy):
    own = BODIES.get(context.operation.path)
    if own is None:
        return strategy
    return st.booleans().flatmap(lambda junk: strategy if junk else own.map(encode))
