"""Makes the tiny models under src/test/resources/sentence-transformers; run once with
pip install torch sentence-transformers onnx onnxscript.

Each folder is a model with random weights as sentence-transformers saves it, the graph exported beside it in
the style of a model that people use. golden.json holds the vectors that sentence-transformers itself gives.
Names of folders as arguments: only these are made.
"""

import json
import shutil
import sys
from pathlib import Path

import onnx
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (BertConfig, BertModel, DynamicCache, Gemma3TextConfig, Gemma3TextModel, PreTrainedTokenizerFast,
                          Qwen3Config, Qwen3Model)

OUT = Path(__file__).parent.parent / "resources" / "sentence-transformers"
H = 8
TEXTS = ["a cat sat", "the dog ran far away", "A", "naïve 松鼠 cat", "the cat the dog the cat ran far and the dog sat"]


# Tokenizers

def bert_tokenizer():
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "cat", "sat", "the", "dog", "ran", "far", "away", "and", "naive"]
    tokens = Tokenizer(models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokens.normalizer = normalizers.BertNormalizer()
    tokens.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokens.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return PreTrainedTokenizerFast(tokenizer_object=tokens, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                                   sep_token="[SEP]", model_max_length=64)


def byte_level(end, pad, start=None, **more):
    """Byte-level BPE as of Qwen, which puts a token behind each text, and before it where there is a start."""
    special = [pad, end] + ([start] if start else [])
    tokens = Tokenizer(models.BPE())
    tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokens.decoder = decoders.ByteLevel()
    tokens.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokens.post_processor = processors.TemplateProcessing(
        single=f"{start + ' ' if start else ''}$A {end}", special_tokens=[(t, tokens.token_to_id(t)) for t in special[1:]])
    return PreTrainedTokenizerFast(tokenizer_object=tokens, pad_token=pad, eos_token=end, model_max_length=64, **more)


# Graphs

class Graph(torch.nn.Module):
    """Takes the inputs in the order of their names and gives what is wanted of a model's modules."""

    def __init__(self, model, inputs, outputs):
        super().__init__()
        self.transformer = model[0].auto_model
        self.rest = torch.nn.ModuleList(list(model)[1:])
        self.inputs = inputs
        self.outputs = outputs

    def forward(self, *values):
        features = dict(zip(self.inputs, values))
        kept = self.transformer(**features, return_dict=True)
        features["token_embeddings"] = kept.last_hidden_state
        found = {"last_hidden_state": kept.last_hidden_state, "token_embeddings": kept.last_hidden_state}
        if "pooler_output" in self.outputs:
            found["pooler_output"] = kept.pooler_output
        if "last_position" in self.outputs:
            found["last_position"] = torch.nn.functional.normalize(kept.last_hidden_state[:, -1], dim=-1)
        if "sentence_embedding" in self.outputs:
            for module in self.rest:
                features = module(features)
            found["sentence_embedding"] = features["sentence_embedding"]
        return tuple(found[name] for name in self.outputs)


class CachedGraph(torch.nn.Module):
    """A decoder as it is exported for generation: keys and values of earlier tokens in, those of all tokens out."""

    def __init__(self, model):
        super().__init__()
        self.transformer = model[0].auto_model

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache()
        for layer in range(len(past) // 2):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        kept = self.transformer(input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids,
                                past_key_values=cache, use_cache=True, return_dict=True)
        present = [t for layer in cache.layers for t in (layer.keys, layer.values)]
        return (kept.last_hidden_state, *present)


def export_cached(model, file):
    config = model[0].auto_model.config
    layers, heads, width = config.num_hidden_layers, config.num_key_value_heads, config.head_dim
    batch, sequence, past = (torch.export.Dim(n, min=m, max=64) for n, m in (("batch", 1), ("sequence", 1), ("past", 0)))
    names = [f"{{}}.{layer}.{part}" for layer in range(layers) for part in ("key", "value")]
    values = [torch.randn(2, heads, 3, width) for _ in names]
    shapes = ({0: batch, 1: sequence}, {0: batch, 1: torch.export.Dim.AUTO}, {0: batch, 1: sequence}, tuple({0: batch, 2: past} for _ in names))
    file.parent.mkdir(exist_ok=True)
    save(torch.onnx.export(
        CachedGraph(model).eval(),
        (torch.randint(4, 12, (2, 7)), torch.ones(2, 10, dtype=torch.int64), torch.arange(3, 10).repeat(2, 1), *values),
        input_names=["input_ids", "attention_mask", "position_ids", *(n.format("past_key_values") for n in names)],
        output_names=["last_hidden_state", *(n.format("present") for n in names)], dynamic_shapes=shapes, dynamo=True,
        verbose=False), file, False)


def export(model, file, inputs, outputs, external):
    example = {"input_ids": torch.randint(4, 12, (2, 7)), "attention_mask": torch.ones(2, 7, dtype=torch.int64),
               "token_type_ids": torch.zeros(2, 7, dtype=torch.int64), "position_ids": torch.arange(7).repeat(2, 1)}
    batch, sequence = torch.export.Dim("batch", min=1, max=64), torch.export.Dim("sequence", min=1, max=64)
    file.parent.mkdir(exist_ok=True)
    save(torch.onnx.export(
        Graph(model, inputs, outputs).eval(), tuple(example[name] for name in inputs), input_names=inputs,
        output_names=["sentence_embedding" if o == "last_position" else o for o in outputs], dynamic_shapes=(tuple({0: batch, 1: sequence} for _ in inputs),), dynamo=True, verbose=False), file, external)


def save(program, file, external):
    made = program.model_proto
    del made.metadata_props[:]
    for node in made.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for info in [*made.graph.value_info, *made.graph.input, *made.graph.output, *made.graph.initializer]:
        del info.metadata_props[:]
        info.doc_string = ""
    del made.graph.value_info[:]
    onnx.save(made, file, save_as_external_data=external, location=file.name + "_data", size_threshold=64)


# Folders

def style(name, backbone, tokenizer, *modules, inputs=("input_ids", "attention_mask"), outputs=("last_hidden_state",),
          graph="model.onnx", prompts=None, external=False, files=None, cached=False):
    if sys.argv[1:] and name not in sys.argv[1:]:
        return
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    source = folder.parent / (name + ".source")
    backbone.eval().save_pretrained(source)
    tokenizer.save_pretrained(source)
    transformer = Transformer(str(source), max_seq_length=48)
    model = SentenceTransformer(modules=[transformer, *modules], prompts=prompts, device="cpu")
    model.eval()
    model.save(str(folder), create_model_card=False)
    shutil.rmtree(source)
    for path, content in (files or {}).items():
        (folder / path).write_text(json.dumps(content) + "\n")
    model = SentenceTransformer(str(folder), device="cpu")
    rows = []
    for kind, encode in (("QUERY", model.encode_query), ("DOCUMENT", model.encode_document)):
        prompt = (model.prompts or {}).get(kind.lower()) or ""
        # Padded beside each other, as users have it.
        for text, vector in zip(TEXTS, encode(TEXTS, batch_size=8)):
            rows.append({"text": text, "type": kind, "tokens": len(model.tokenizer(prompt + text)["input_ids"]),
                         "output": [float(x) for x in vector]})
    (folder / "golden.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    if cached:
        export_cached(model, folder / graph)
    else:
        export(model, folder / graph, list(inputs), list(outputs), external)
    (folder / "model.safetensors").unlink()


def bert():
    torch.manual_seed(7)
    return BertModel(BertConfig(vocab_size=14, hidden_size=H, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
                                max_position_embeddings=64, initializer_range=0.8))


def qwen3(tokenizer):
    torch.manual_seed(8)
    return Qwen3Model(Qwen3Config(vocab_size=len(tokenizer), hidden_size=H, num_hidden_layers=2, num_attention_heads=2,
                                  num_key_value_heads=1, head_dim=4, intermediate_size=16, max_position_embeddings=64,
                                  initializer_range=0.8, pad_token_id=0, bos_token_id=None, eos_token_id=1, use_cache=False))


def gemma(tokenizer):
    torch.manual_seed(9)
    return Gemma3TextModel(Gemma3TextConfig(
        vocab_size=len(tokenizer), hidden_size=H, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, head_dim=4,
        intermediate_size=16, max_position_embeddings=64, initializer_range=0.8, pad_token_id=0, bos_token_id=2, eos_token_id=1,
        sliding_window=16, use_bidirectional_attention=True, use_cache=False))


def dense(inputs, outputs, activation, bias=True):
    torch.manual_seed(inputs * 100 + outputs)
    layer = Dense(inputs, outputs, bias=bias, activation_function=activation)
    torch.nn.init.normal_(layer.linear.weight, std=0.5)
    return layer


BERT_INPUTS = ("input_ids", "attention_mask", "token_type_ids")

style("labse", bert(), bert_tokenizer(), Pooling(H, "cls"), dense(H, H, torch.nn.Tanh()), Normalize(),
      inputs=BERT_INPUTS, outputs=("last_hidden_state", "pooler_output"), graph="onnx/model.onnx")
style("labse-pooled", bert(), bert_tokenizer(), Pooling(H, "cls"), dense(H, H, torch.nn.Tanh()), Normalize(),
      inputs=BERT_INPUTS, outputs=("token_embeddings", "sentence_embedding"), graph="onnx/model.onnx")
for mode in ("max", "mean_sqrt_len_tokens", "weightedmean"):
    style("pooling-" + mode, bert(), bert_tokenizer(), Pooling(H, mode), inputs=BERT_INPUTS)
style("pooling-several", bert(), bert_tokenizer(), Pooling(H, ["mean", "cls", "lasttoken"]), inputs=BERT_INPUTS,
      prompts={"query": "the ", "document": ""})
# As before version 6: a flag for each mode.
style("pooling-flags", bert(), bert_tokenizer(), Pooling(H, ["cls", "max", "mean"]), Normalize(), inputs=BERT_INPUTS,
      files={"1_Pooling/config.json": {
          "word_embedding_dimension": H, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True,
          "pooling_mode_max_tokens": True, "pooling_mode_mean_sqrt_len_tokens": False,
          "pooling_mode_weightedmean_tokens": False, "pooling_mode_lasttoken": False, "include_prompt": True}})

gemma_tokens = byte_level("<eos>", "<pad>", "<bos>", bos_token="<bos>")
gemma_modules = lambda: (Pooling(H, "mean"), dense(H, 4 * H, None, False), dense(4 * H, H, None, False), Normalize())
gemma_prompts = {"query": "task: search result | query: ", "document": "title: none | text: "}
style("embeddinggemma", gemma(gemma_tokens), gemma_tokens, *gemma_modules(), outputs=("last_hidden_state", "sentence_embedding"),
      graph="onnx/model.onnx", prompts=gemma_prompts, external=True)
style("embeddinggemma-dense", gemma(gemma_tokens), gemma_tokens, *gemma_modules(), graph="onnx/model.onnx", prompts=gemma_prompts)

for side in ("left", "right"):
    qwen_tokens = byte_level("<|endoftext|>", "<|pad|>", padding_side=side)
    style("qwen3-embedding-" + side, qwen3(qwen_tokens), qwen_tokens, Pooling(H, "lasttoken"), Normalize(),
          inputs=("input_ids", "attention_mask", "position_ids"), graph="onnx/model.onnx",
          prompts={"query": "find the dog: ", "document": ""})
qwen_tokens = byte_level("<|endoftext|>", "<|pad|>", padding_side="left")
style("qwen3-embedding-cached", qwen3(qwen_tokens), qwen_tokens, Pooling(H, "lasttoken"), Normalize(), graph="onnx/model.onnx",
      prompts={"query": "find the dog: ", "document": ""}, cached=True)
# Right on the left side only.
style("qwen3-embedding-pooled", qwen3(qwen_tokens), qwen_tokens, Pooling(H, "lasttoken"), Normalize(),
      inputs=("input_ids", "attention_mask", "position_ids"), outputs=("last_position",), graph="onnx/model.onnx",
      prompts={"query": "find the dog: ", "document": ""})
