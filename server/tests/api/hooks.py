"""What schemathesis needs to know of this API: bodies are CBOR, which no JSON schema describes."""

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
bodies = well_formed | cut_off | st.binary(max_size=200)

schemathesis.openapi.media_type("application/cbor", bodies)


@schemathesis.serializer("application/cbor")
def cbor(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
