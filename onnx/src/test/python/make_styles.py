"""Makes the tiny models under src/test/resources/styles; run once with: pip install onnx numpy tokenizers.

One folder for each style of export that is to load: BERT, RoBERTa, DistilBERT, DeBERTa, XLM-R, MPNet,
BGE, E5, GTE; with WordPiece, byte-level BPE or Unigram (sentencepiece); fp32, fp16 or int8. golden.json
in each holds what Hugging Face's tokenizers and ONNX's reference evaluator make of a few inputs.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh
from onnx.reference import ReferenceEvaluator
from tokenizers import Tokenizer

OUT = Path(__file__).parent.parent / "resources" / "styles"
H = 4
TEXTS = ["a cat sat", "the dog ran far", "A", "naïve 松鼠 cat", "the cat the dog the cat ran"]
PAIRS = [["a cat sat", "a cat"], ["the dog ran far", "the cat sat"], ["A", "dog"], ["naïve cat", "松鼠 ran"],
         ["the cat the dog the cat ran", "a"]]
WORDS = ["a", "cat", "sat", "the", "dog", "ran", "far", "s", "c", "t", "d", "o", "g"]


# Tokenizers

def special(contents):
    return [{"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for i, c in contents]


def template(vocab, single, pair):
    def pieces(words):
        made = []
        for word in words.split():
            name, type_id = word.split(":")
            key = "Sequence" if name in "AB" else "SpecialToken"
            made.append({key: {"id": name, "type_id": int(type_id)}})
        return made
    used = {w.split(":")[0] for w in (single + " " + pair).split()} - {"A", "B"}
    return {"type": "TemplateProcessing", "single": pieces(single), "pair": pieces(pair),
            "special_tokens": {w: {"id": w, "ids": [vocab[w]], "tokens": [w]} for w in used}}


def wordpiece(start="[CLS]", end="[SEP]", pad="[PAD]", unk="[UNK]", pair=None, order=None):
    words = (order or [pad, unk, start, end]) + WORDS + ["##" + w for w in "at cdog"] + ["##s"]
    vocab = {w: i for i, w in enumerate(dict.fromkeys(words))}
    return {
        "version": "1.0",
        # A trap on purpose: whoever obeys it loses tokens.
        "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        "padding": None,
        "added_tokens": special((vocab[w], w) for w in (pad, unk, start, end)),
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": template(vocab, f"{start}:0 A:0 {end}:0", pair or f"{start}:0 A:0 {end}:0 B:1 {end}:1"),
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": unk, "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    }


def bpe():
    alphabet = sorted({c for c in "abcdefghijklmnopqrstuvwxyzA"} | {chr(0xC2), chr(0xC3), "¯", "æ", "Ŀ", "¾", "é", "¼", "ł", "ł", "Ġ"})
    merges = [("c", "a"), ("ca", "t"), ("Ġ", "cat"), ("t", "h"), ("th", "e"), ("Ġ", "the"), ("d", "o"), ("do", "g"), ("Ġ", "dog")]
    words = ["<s>", "<pad>", "</s>", "<unk>", *alphabet, *("".join(m) for m in merges), "<mask>"]
    vocab = {w: i for i, w in enumerate(dict.fromkeys(words))}
    return {
        "version": "1.0", "truncation": None,
        "padding": {"strategy": {"Fixed": 5}, "direction": "Right", "pad_to_multiple_of": None,
                    "pad_id": 1, "pad_type_id": 0, "pad_token": "<pad>"},
        "added_tokens": special((vocab[w], w) for w in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")),
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0],
                           "trim_offsets": True, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "vocab": vocab,
                  "merges": [" ".join(m) for m in merges]},
    }


def unigram(first, start, end, single, pair):
    pieces = [*first, "▁", *("▁" + w for w in WORDS), *"acdfgnorsthe"]
    vocab = {w: i for i, w in enumerate(dict.fromkeys(pieces))}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": special((vocab[w], w) for w in first),
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": template(vocab, single, pair),
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": first.index("[UNK]" if "[UNK]" in first else "<unk>"),
                  "vocab": [[w, -float(i) / 4] for w, i in vocab.items()], "byte_fallback": False},
    }


def xlmr():
    return unigram(["<s>", "<pad>", "</s>", "<unk>"], "<s>", "</s>", "<s>:0 A:0 </s>:0",
                   "<s>:0 A:0 </s>:0 </s>:0 B:0 </s>:0")


def deberta():
    return unigram(["[PAD]", "[CLS]", "[SEP]", "[UNK]"], "[CLS]", "[SEP]", "[CLS]:0 A:0 [SEP]:0",
                   "[CLS]:0 A:0 [SEP]:0 B:1 [SEP]:1")


def mpnet():
    return wordpiece("<s>", "</s>", "<pad>", "[UNK]", "<s>:0 A:0 </s>:0 </s>:0 B:0 </s>:0",
                     ["<s>", "<pad>", "</s>", "[UNK]"])


# Graphs

def value(name, type_, *shape):
    return h.make_tensor_value_info(name, type_, shape)


def node(op, inputs, outputs, **attributes):
    return h.make_node(op, inputs.split(), outputs.split(), **attributes)


def graph(vocab, types, precision, outputs, classes, positions, first, ids_type, broken=None):
    """Word, type and position vectors added; logits and pooled vectors are means under the mask."""
    rng = np.random.default_rng(len(outputs) * 100 + vocab + classes)
    real = T.FLOAT16 if precision == "fp16" else T.FLOAT
    as_real = np.float16 if precision == "fp16" else np.float32
    table = rng.normal(size=(vocab, H))
    if broken is not None:
        table[broken] = np.nan
    constants = {"types": rng.normal(size=(2, H)).astype(as_real), "axis": np.array(1),
                 "first": np.array(first), "last": np.array([-1]), "middle": np.array([1]),
                 "places": (rng.normal(size=(positions, H)) / 4).astype(as_real),
                 "weights": rng.normal(size=(H, max(classes, 1))).astype(as_real)}
    nodes = []
    if precision == "int8":
        scale = np.float32(np.abs(table).max() / 127)
        constants.update({"packed": np.round(table / scale).astype(np.int8), "scale": scale, "zero": np.int8(0)})
        nodes += [node("Gather", "packed input_ids", "bytes"), node("DequantizeLinear", "bytes scale zero", "words")]
    else:
        constants["table"] = table.astype(as_real)
        nodes.append(node("Gather", "table input_ids", "words"))
    nodes += [node("Cast", "attention_mask", "mask64", to=T.INT64),
              node("CumSum", "mask64 axis", "counted"),
              node("Mul", "counted mask64", "numbered"),
              node("Add", "numbered first", "index"),
              node("Gather", "places index", "place"),
              node("Add", "words place", "placed")]
    if types:
        nodes += [node("Gather", "types token_type_ids", "typed"), node("Add", "placed typed", "last_hidden_state")]
    else:
        nodes.append(node("Identity", "placed", "last_hidden_state"))
    nodes += [node("Cast", "attention_mask", "ones", to=real), node("Unsqueeze", "ones last", "column"),
              node("Mul", "last_hidden_state column", "masked"), node("ReduceSum", "masked middle", "sum", keepdims=0),
              node("ReduceSum", "column middle", "tokens", keepdims=0), node("Div", "sum tokens", "pooled")]
    if "logits" in outputs:
        nodes.append(node("MatMul", "pooled weights", "logits"))
    if "sentence_embedding" in outputs:
        nodes.append(node("Identity", "pooled", "sentence_embedding"))
    if "pooler_output" in outputs:
        nodes.append(node("Tanh", "pooled", "pooler_output"))
    if "token_embeddings" in outputs:
        nodes.append(node("Identity", "last_hidden_state", "token_embeddings"))
    shapes = {"logits": ("batch", classes), "sentence_embedding": ("batch", H), "pooler_output": ("batch", H),
              "last_hidden_state": ("batch", "sequence", H), "token_embeddings": ("batch", "sequence", H)}
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if types else [])
    made = h.make_graph(nodes, "tiny", [value(n, ids_type, "batch", "sequence") for n in names],
                        [value(n, real, *shapes[n]) for n in outputs],
                        [nh.from_array(np.asarray(v), k) for k, v in constants.items()])
    model = h.make_model(made, opset_imports=[h.make_opsetid("", 19 if precision == "int8" else 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


# Folders

def style(name, tokens, config, types=False, precision="fp32", outputs=("last_hidden_state",), graph_file="model.onnx",
          files=None, pool=None, normalise=True, prefixes=("", ""), ids_type=T.INT64):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "tokenizer.json").write_text(json.dumps(tokens, ensure_ascii=False, indent=1) + "\n")
    vocabulary = tokens["model"]["vocab"]
    config = {"vocab_size": len(vocabulary), **config}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    for path, content in (files or {}).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content if isinstance(content, str) else json.dumps(content) + "\n")
    offset = config["model_type"] in ("roberta", "xlm-roberta", "mpnet")
    model = graph(len(vocabulary), types, precision, outputs, len(config.get("id2label", {})),
                  config["max_position_embeddings"] + (0 if offset else 1), config.get("pad_token_id", 0) if offset else 0,
                  ids_type)
    (folder / graph_file).parent.mkdir(exist_ok=True)
    onnx.save(model, folder / graph_file)
    golden(folder, model, types, outputs, config, pool, normalise, prefixes, ids_type)


def golden(folder, model, types, outputs, config, pool, normalise, prefixes, ids_type):
    reference = Tokenizer.from_file(str(folder / "tokenizer.json"))
    reference.no_truncation()
    reference.no_padding()
    run = ReferenceEvaluator(model)
    whole = np.int64 if ids_type == T.INT64 else np.int32

    def infer(encoding):
        feed = {"input_ids": np.array([encoding.ids], whole), "attention_mask": np.ones((1, len(encoding.ids)), whole)}
        if types:
            feed["token_type_ids"] = np.array([encoding.type_ids], whole)
        return dict(zip(outputs, run.run(list(outputs), feed)))

    rows = []
    if "logits" in outputs:
        for premise, hypothesis in PAIRS:
            encoding = reference.encode(premise, hypothesis)
            rows.append({"premise": premise, "hypothesis": hypothesis, "tokens": len(encoding.ids),
                         "output": [float(x) for x in infer(encoding)["logits"][0]]})
    else:
        for text in TEXTS:
            encoding = reference.encode(prefixes[1] + text)
            result = infer(encoding)
            if "sentence_embedding" in result:
                vector = result["sentence_embedding"][0].astype(np.float64)
            else:
                hidden = result.get("last_hidden_state", result.get("token_embeddings"))[0].astype(np.float64)
                vector = {"mean": hidden.mean(0), "cls": hidden[0], "last": hidden[-1]}[pool]
            if normalise:
                vector = vector / np.linalg.norm(vector)
            rows.append({"text": text, "tokens": len(encoding.ids), "output": [float(x) for x in vector]})
    (folder / "golden.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def labels(*names):
    return {"id2label": {str(i): n for i, n in enumerate(names)}, "label2id": {n: i for i, n in enumerate(names)}}


def modules(*types):
    return [{"idx": i, "type": "sentence_transformers.models." + t} for i, t in enumerate(types)]


def pooling(mode):
    return {"word_embedding_dimension": H, "pooling_mode_cls_token": mode == "cls", "pooling_mode_mean_tokens": mode == "mean"}


NLI = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "max_position_embeddings": 32}

# Pairs
style("bert-nli", wordpiece(), {**NLI, **labels("contradiction", "entailment", "neutral")}, True, outputs=("logits",))
style("distilbert-nli-int8", wordpiece(),
      {"architectures": ["DistilBertForSequenceClassification"], "model_type": "distilbert", "max_position_embeddings": 32,
       **labels("ENTAILMENT", "NEUTRAL", "CONTRADICTION")}, precision="int8", outputs=("logits",),
      graph_file="onnx/model_quantized.onnx")
style("roberta-nli", bpe(),
      {"architectures": ["RobertaForSequenceClassification"], "model_type": "roberta", "max_position_embeddings": 64,
       "pad_token_id": 1, **labels("CONTRADICTION", "NEUTRAL", "ENTAILMENT")}, outputs=("logits",))
style("deberta-nli-fp16", deberta(),
      {"architectures": ["DebertaV2ForSequenceClassification"], "model_type": "deberta-v2", "max_position_embeddings": 32,
       **labels("entailment", "neutral", "contradiction")}, True, "fp16", ("logits",), "onnx/model_fp16.onnx")
style("deberta-nli-two", deberta(),
      {"architectures": ["DebertaV2ForSequenceClassification"], "model_type": "deberta-v2", "max_position_embeddings": 32,
       **labels("entailment", "not_entailment")}, outputs=("logits",))
style("xlm-r-nli", xlmr(),
      {"architectures": ["XLMRobertaForSequenceClassification"], "model_type": "xlm-roberta", "max_position_embeddings": 64,
       "pad_token_id": 1, **labels("contradiction", "neutral", "entailment")}, outputs=("logits",),
      files={"tokenizer_config.json": {"model_max_length": 24}})

# Embeddings
style("mpnet", mpnet(), {"architectures": ["MPNetModel"], "model_type": "mpnet", "max_position_embeddings": 34, "pad_token_id": 1},
      pool="mean", files={"modules.json": modules("Transformer", "Pooling", "Normalize"), "1_Pooling/config.json": pooling("mean"),
                          "sentence_bert_config.json": {"max_seq_length": 30}})
style("bge", wordpiece(), {"architectures": ["BertModel"], "model_type": "bert", "max_position_embeddings": 32, **labels("LABEL_0")},
      True, outputs=("last_hidden_state", "pooler_output"), pool="cls", prefixes=("the ", ""),
      files={"modules.json": modules("Transformer", "Pooling", "Normalize"), "1_Pooling/config.json": pooling("cls"),
             "config_sentence_transformers.json": {"prompts": {"query": "the "}}})
style("bge-int8", wordpiece(), {"architectures": ["BertModel"], "model_type": "bert", "max_position_embeddings": 32},
      True, "int8", pool="cls", graph_file="onnx/model_int8.onnx", files={"model.toml": 'pooling = "cls"\n'})
style("e5", xlmr(), {"architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta", "max_position_embeddings": 64, "pad_token_id": 1},
      pool="mean", prefixes=("a ", "the "),
      files={"modules.json": modules("Transformer", "Pooling", "Normalize"), "1_Pooling/config.json": pooling("mean"),
             "model.toml": 'query-prefix = "a "\ndocument-prefix = "the "\nmax-tokens = 32\n'})
style("gte-pooled", wordpiece(), {"architectures": ["NewModel"], "model_type": "new", "max_position_embeddings": 64},
      outputs=("token_embeddings", "sentence_embedding"), ids_type=T.INT32)
style("gte-fp16", wordpiece(), {"architectures": ["NewModel"], "model_type": "new", "max_position_embeddings": 64},
      True, "fp16", pool="cls", normalise=False,
      files={"modules.json": modules("Transformer", "Pooling"), "1_Pooling/config.json": {"pooling_mode": "cls"}})
style("roberta-embeddings", bpe(), {"architectures": ["RobertaModel"], "model_type": "roberta", "max_position_embeddings": 64, "pad_token_id": 1},
      pool="mean", files={"1_Pooling/config.json": pooling("mean")})

# A word ("dog") whose vector is not a number.
nan = OUT.parent / "models" / "nan-nli"
shutil.copytree(OUT / "bert-nli", nan, dirs_exist_ok=True)
(nan / "golden.json").unlink()
words = wordpiece()["model"]["vocab"]
onnx.save(graph(len(words), True, "fp32", ("logits",), 3, 33, 0, T.INT64, words["dog"]), nan / "model.onnx")
