"""Makes the tiny models under src/test/resources/models; run once with: pip install onnx numpy.

Every graph looks up H numbers a token. The tokenizer knows the words "a" to "j", "cat", "poison"
and "nan"; [CLS] and [SEP] stand around each text.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

OUT = Path(__file__).parent.parent / "resources" / "models"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghij", "cat", "poison", "nan"]
POISON, NAN = WORDS.index("poison"), WORDS.index("nan")
H = 4

rng = np.random.default_rng(1)
TABLE = rng.normal(size=(len(WORDS), H)).astype(np.float32)


def tokenizer(folder, extra=()):
    words = [*WORDS, *extra]
    special = [
        {"id": i, "content": w, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for i, w in enumerate(WORDS[:4])
    ]
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0",
        # A trap on purpose: whoever obeys it loses tokens.
        "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 5}, "direction": "Right", "pad_to_multiple_of": None,
                    "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": special,
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {w: {"id": w, "ids": [WORDS.index(w)], "tokens": [w]} for w in ("[CLS]", "[SEP]")},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(words)}, "unk_token": "[UNK]"},
    }, indent=1) + "\n")


def settings(folder, pooling="mean", normalise=True, limit=16, prompts=None):
    modes = {"mean": "mean_tokens", "cls": "cls_token", "last": "lasttoken"}
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"word_embedding_dimension": H, **{"pooling_mode_" + m: k == pooling for k, m in modes.items()}}) + "\n")
    types = ["Transformer", "Pooling"] + (["Normalize"] if normalise else [])
    (folder / "modules.json").write_text(json.dumps(
        [{"idx": i, "type": "sentence_transformers.models." + t} for i, t in enumerate(types)]) + "\n")
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 64, "vocab_size": len(WORDS)}) + "\n")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": limit}) + "\n")
    if prompts:
        (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}) + "\n")


def value(name, type_, *shape):
    return h.make_tensor_value_info(name, type_, shape)


def write(folder, nodes, constants, inputs, output):
    graph = h.make_graph(nodes, folder.name, inputs, [output], [nh.from_array(v, k) for k, v in constants.items()])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    target = folder / "onnx" if folder.name == "pooled" else folder
    target.mkdir(parents=True, exist_ok=True)
    onnx.save(model, target / "model.onnx")


def ids(type_=T.INT64, name="input_ids"):
    return value(name, type_, "batch", "sequence")


def mask(type_=T.INT64):
    return ids(type_, "attention_mask")


def types(type_=T.INT64):
    return ids(type_, "token_type_ids")


def hidden(type_=T.FLOAT):
    return value("last_hidden_state", type_, "batch", "sequence", H)


def folder(name):
    made = OUT / name
    made.mkdir(parents=True, exist_ok=True)
    tokenizer(made)
    settings(made)
    return made


LOOK_UP = h.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])

# One vector a token, no token types.
write(folder("hidden"), [LOOK_UP], {"table": TABLE}, [ids(), mask()], hidden())

# The same with token types (added to the vector) and int32 inputs.
write(folder("typed"),
      [h.make_node("Gather", ["table", "input_ids"], ["words"]),
       h.make_node("Cast", ["token_type_ids"], ["types"], to=T.FLOAT),
       h.make_node("Unsqueeze", ["types", "last"], ["column"]),
       h.make_node("Add", ["words", "column"], ["last_hidden_state"])],
      {"table": TABLE, "last": np.array([-1])},
      [ids(T.INT32), mask(T.INT32), types(T.INT32)], hidden())

# The first token's vector counts, not normalised, with prefixes; limit from config.json alone.
cls = folder("cls")
settings(cls, pooling="cls", normalise=False, prompts={"query": "a ", "document": "b "})
(cls / "sentence_bert_config.json").unlink()
write(cls, [h.make_node("Gather", ["table", "input_ids"], ["words"]),
            # Adds the second token's id to the first token, so that a prefix can be seen.
            h.make_node("Cast", ["input_ids"], ["numbers"], to=T.FLOAT),
            h.make_node("Slice", ["numbers", "one", "two", "one"], ["second"]),
            h.make_node("Unsqueeze", ["second", "last"], ["column"]),
            h.make_node("Add", ["words", "column"], ["last_hidden_state"])],
      {"table": TABLE, "one": np.array([1]), "two": np.array([2]), "last": np.array([-1])},
      [ids(), mask()], hidden())

# The last token that is not padding counts.
last = folder("last")
settings(last, pooling="last")
write(last, [LOOK_UP], {"table": TABLE}, [ids(), mask()], hidden())

# The graph pools: the sum of the token vectors under the mask. In onnx/, as the hub has it.
write(folder("pooled"),
      [h.make_node("Gather", ["table", "input_ids"], ["words"]),
       h.make_node("Cast", ["attention_mask"], ["ones"], to=T.FLOAT),
       h.make_node("Unsqueeze", ["ones", "last"], ["column"]),
       h.make_node("Mul", ["words", "column"], ["masked"]),
       h.make_node("ReduceSum", ["masked", "middle"], ["sentence_embedding"], keepdims=0)],
      {"table": TABLE, "last": np.array([-1]), "middle": np.array([1])},
      [ids(), mask()], value("sentence_embedding", T.FLOAT, "batch", H))

# Half precision, and an output whose shape says nothing.
write(folder("fp16"), [LOOK_UP], {"table": TABLE.astype(np.float16)}, [ids(), mask()],
      value("last_hidden_state", T.FLOAT16, "a", "b", "c"))

# A word whose vector is not a number.
broken = TABLE.copy()
broken[NAN] = np.nan
write(folder("nan"), [LOOK_UP], {"table": broken}, [ids(), mask()], hidden())

# A word that makes the whole run fail: it looks beyond the end of a table.
write(folder("poison"),
      [h.make_node("Equal", ["input_ids", "poison"], ["bad"]),
       h.make_node("Cast", ["bad"], ["number"], to=T.INT64),
       h.make_node("Mul", ["number", "far"], ["beyond"]),
       h.make_node("Add", ["input_ids", "beyond"], ["index"]),
       h.make_node("Gather", ["table", "index"], ["last_hidden_state"])],
      {"table": TABLE, "poison": np.array(POISON), "far": np.array(1000)}, [ids(), mask()], hidden())

# Needs 2^52 bytes as soon as a batch has more than two rows, or for the poisoned word.
write(folder("greedy"),
      [h.make_node("Gather", ["table", "input_ids"], ["words"]),
       h.make_node("Shape", ["input_ids"], ["shape"]),
       h.make_node("Gather", ["shape", "zero"], ["rows"]),
       h.make_node("Greater", ["rows", "two"], ["many"]),
       h.make_node("Equal", ["input_ids", "poison"], ["each"]),
       h.make_node("Cast", ["each"], ["number"], to=T.INT64),
       h.make_node("ReduceMax", ["number"], ["bad"], keepdims=0),
       h.make_node("Cast", ["many"], ["much"], to=T.INT64),
       h.make_node("Max", ["much", "bad"], ["too"]),
       h.make_node("Mul", ["too", "huge"], ["extra"]),
       h.make_node("Unsqueeze", ["extra", "zero_axis"], ["size"]),
       h.make_node("ConstantOfShape", ["size"], ["space"]),
       h.make_node("ReduceSum", ["space"], ["sum"], keepdims=0),
       h.make_node("Add", ["words", "sum"], ["last_hidden_state"])],
      {"table": TABLE, "zero": np.array(0), "two": np.array(2), "poison": np.array(POISON),
       "huge": np.array(1 << 50), "zero_axis": np.array([0])},
      [ids(), mask()], hidden())

# A tokenizer with more words than the model has vectors.
tokenizer_too_big = folder("vocabulary")
tokenizer(tokenizer_too_big, extra=["zebra"])
write(tokenizer_too_big, [LOOK_UP], {"table": TABLE}, [ids(), mask()], hidden())

# No attention mask and an output of whole numbers.
write(folder("wrong"), [h.make_node("Identity", ["input_ids"], ["labels"])], {}, [ids()],
      value("labels", T.INT64, "batch", "sequence"))

# Position vectors for fewer tokens than the settings promise.
short = folder("short")
settings(short, limit=32)
write(short,
      [h.make_node("Gather", ["table", "input_ids"], ["words"]),
       h.make_node("Shape", ["input_ids"], ["shape"]),
       h.make_node("Gather", ["shape", "one"], ["length"]),
       h.make_node("Range", ["zero", "length", "one"], ["positions"]),
       h.make_node("Gather", ["places", "positions"], ["place"]),
       h.make_node("Add", ["words", "place"], ["last_hidden_state"])],
      {"table": TABLE, "places": np.zeros((16, H), np.float32), "zero": np.array(0), "one": np.array(1)},
      [ids(), mask()], hidden())
