"""A client of Ratatoskr in Python, over librdkafka: docs/protocol.md in about a hundred lines.

    with Client("127.0.0.1:9092") as client:
        print(client.embed("all-minilm-l6-v2", ["A ship leaves port."])[0][:3])

It asks on the interactive lane and waits for each answer, from one thread.
"""

import hashlib, io, json, pathlib, random, struct, time, uuid
import fastavro
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

WIRE = "io.ratatoskr.schemas.wire."


class Schemas:
    """The records of this release, by name; ids are derived, no registry is asked."""

    def __init__(self, file=pathlib.Path(__file__).parent.parent / "protocol.json"):
        self.by_name, self.by_id = {}, {}
        for canonical in (one["canonical"] for one in json.loads(file.read_text())["schemas"]):
            schema = fastavro.parse_schema(json.loads(canonical), _write_hint=False)
            number = hashlib.sha256(canonical.encode()).digest()[:4]
            self.by_name[schema["name"]] = (number, schema)
            self.by_id[number] = schema

    def encode(self, name, record):
        """A zero byte, the four-byte schema id, the Avro binary encoding."""
        number, schema = self.by_name[WIRE + name]
        out = io.BytesIO(b"\0" + number)
        out.seek(0, io.SEEK_END)
        fastavro.schemaless_writer(out, schema, record, disable_tuple_notation=True)
        return out.getvalue()

    def decode(self, value):
        if value[:1] != b"\0" or value[1:5] not in self.by_id:
            raise ValueError(f"no record of this release: {value[:5].hex()}")
        return fastavro.schemaless_reader(io.BytesIO(value[5:]), self.by_id[value[1:5]])


def fingerprint(topic_domain, capability, headers, value):
    """The record key: of the content where equal requests may share an answer, else of the id."""
    tenant, shared = headers.get("tenant", ""), headers.get("cache", "off") != "off"
    if shared and headers.get("stream", "false") == "false":
        fields = [capability, topic_domain, tenant, headers.get("data-policy", "local_only"),
                  headers.get("model", ""), headers.get("preset", ""), "false",
                  headers.get("provider", ""), headers.get("task-class", "")]
        kind, rest = b"\1c", value
    else:
        fields, kind, rest = [topic_domain, tenant, headers["request-id"]], b"\1r", b""
    raw = [field.encode() for field in fields]
    return hashlib.sha256(
        kind + b"".join(struct.pack(">i", len(field)) + field for field in raw) + rest).digest()


class RequestFailed(Exception):
    """A typed error; docs/errors.md says what to do about each code."""

    def __init__(self, error):
        super().__init__(f'{error["code"]}: {error["message"]}')
        self.code, self.transient = error["code"], error["transient"]


class Client:
    def __init__(self, bootstrap, domain="ratatoskr.default", **kafka):
        self.domain, self.schemas = domain, Schemas()
        # librdkafka places records by CRC32 unless told so; Ratatoskr is keyed as Java's clients do.
        self.producer = Producer({"bootstrap.servers": bootstrap, "partitioner": "murmur2",
                                  "linger.ms": 0, "message.max.bytes": 4 << 20, **kafka})
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused",
                                  "enable.auto.commit": False, **kafka})
        replies = f"{domain}.interactive.replies"
        found = self.consumer.list_topics(replies, timeout=10).topics[replies]
        if found.error:
            raise KafkaException(found.error)
        inbox = TopicPartition(replies, random.choice(list(found.partitions)))
        # From its end as it is now: what is asked later is answered later.
        inbox.offset = self.consumer.get_watermark_offsets(inbox, timeout=10)[1]
        self.consumer.assign([inbox])
        self.inbox = f"{inbox.partition}:{uuid.uuid4().hex}"

    def ask(self, capability, record_name, record, model, timeout=30.0, **more):
        """Sends a request and waits for its terminal reply; returns the record of the answer."""
        value, request_id = self.schemas.encode(record_name, record), str(uuid.uuid4())
        headers = {"request-id": request_id, "inbox": self.inbox, "model": model,
                   "timeout-ms": str(int(timeout * 1000)), **more}
        key = fingerprint(self.domain, capability, headers, value)
        failures = []
        self.producer.produce(f"{self.domain}.interactive.requests.{capability}", value, key,
                              headers=list(headers.items()),
                              on_delivery=lambda error, _: error and failures.append(error))
        self.producer.flush(timeout)
        if failures:
            raise KafkaException(failures[0])
        return self._answer(request_id, time.monotonic() + timeout + 2)

    def _answer(self, request_id, end):
        while time.monotonic() < end:
            message = self.consumer.poll(0.5)
            if message is None or message.error():
                continue
            headers = {name: raw.decode() for name, raw in message.headers() or []}
            mine = headers.get("inbox") == self.inbox and headers.get("request-id") == request_id
            if mine and "kind" not in headers:  # Terminal; the first one by offset is the answer.
                outcome = self.schemas.decode(message.value())["outcome"]
                if "payload" not in outcome:
                    raise RequestFailed(outcome)
                return self.schemas.decode(outcome["payload"])
        raise TimeoutError(request_id)

    def embed(self, model, texts, **more):
        """A list of floats for each text, or the exception of a text that failed."""
        record = {"input_type": "DOCUMENT", "truncation": "ERROR",
                  "items": [{"content": {"text": text}} for text in texts]}
        answer = self.ask("embed", "EmbedRequest", record, model, **more)
        return [list(struct.unpack(f'<{answer["dimensions"]}f', item["vector"]))
                if "vector" in item else RequestFailed(item) for item in answer["items"]]

    def nli(self, model, pairs, **more):
        """What the model says of each pair of premise and hypothesis; at most 32 of them."""
        item = lambda text: {"content": {"text": text}}
        record = {"truncation": "ERROR", "shared_premise": None, "shared_hypothesis": None,
                  "items": [{"premise": item(p), "hypothesis": item(h)} for p, h in pairs]}
        return self.ask("nli", "NliRequest", record, model, **more)["items"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.consumer.close()
