"""Checks docs/clients/protocol.json against this client and, given HOST:PORT, the client against a pipeline."""

import json, math, pathlib, struct, sys
import fastavro, io
from ratatoskr import Client, RequestFailed, Schemas, fingerprint


def murmur2(data, seed=0x9747B28C, m=0x5BD1E995):
    """As Kafka's Java clients place keys."""
    h = (seed ^ len(data)) & 0xFFFFFFFF
    whole = len(data) & ~3
    for (k,) in struct.iter_unpack("<I", data[:whole]):
        k = k * m & 0xFFFFFFFF
        k = (k ^ k >> 24) * m & 0xFFFFFFFF
        h = h * m & 0xFFFFFFFF ^ k
    for place, byte in reversed(list(enumerate(data[whole:]))):
        h ^= byte << 8 * place
        h = h * m & 0xFFFFFFFF if place == 0 else h
    h = (h ^ h >> 13) * m & 0xFFFFFFFF
    return (h ^ h >> 15) & 0x7FFFFFFF


def vectors():
    schemas = Schemas()
    known = json.loads((pathlib.Path(__file__).parent.parent / "protocol.json").read_text())
    for one in known["schemas"]:
        assert schemas.by_name[one["name"]][0].hex() == one["id"], one["name"]
        assert fastavro.schema.fingerprint(one["canonical"], "CRC-64-AVRO") == struct.pack(
            "<Q", int(one["header"], 16)).hex(), one["name"]
    for one in known["requests"]:
        value, key = bytes.fromhex(one["value"]), bytes.fromhex(one["key"])
        record = schemas.decode(value)
        assert schemas.encode(one["record"].rsplit(".", 1)[1], record) == value, one["what"]
        headers = dict(one["headers"])
        if one["lane"] == "bulk":
            headers["cache"] = "off"
        assert fingerprint(one["domain"], one["capability"], headers, value) == key, one["what"]
        for partitions, partition in one["partition"].items():
            assert murmur2(key) % int(partitions) == partition, one["what"]
    print(f'{len(known["schemas"])} schemas and {len(known["requests"])} requests are as protocol.json says.')


def pipeline(bootstrap):
    with Client(bootstrap) as client:
        ship, boat, long = client.embed(
            "all-minilm-l6-v2", ["A ship leaves port.", "The boat sails out.", "word " * 1000], cache="on")
        assert math.isclose(sum(x * x for x in ship), 1, abs_tol=1e-3)
        assert sum(a * b for a, b in zip(ship, boat)) > 0.5
        assert isinstance(long, RequestFailed) and long.code == "ContextLengthExceeded", long
        [judged] = client.nli("nli-minilm-l6", [("It rains hard.", "It rains.")])
        assert judged["entailment"] > judged["contradiction"], judged
        for wrong, code in (("no-such-model", "ModelNotFound"), ("", "BadEnvelope")):
            try:
                client.embed(wrong, ["text"])
                raise AssertionError(f"'{wrong}' was answered")
            except RequestFailed as failed:
                assert failed.code == code, failed
    print(f"The pipeline at {bootstrap} answers this client.")


vectors()
if len(sys.argv) > 1:
    pipeline(sys.argv[1])
