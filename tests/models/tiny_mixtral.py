"""Make a tiny Mixtral: `python tiny_mixtral.py FOLDER`, with the packages of requirements.txt.

Mixtral's architecture and tokenizer, its weights made and not trained. The next word depends on the word
before: one of `WORDS` words by chance, and now and then `[INST]`, where servers are told to stop. `[INST]` is
never the likeliest: at a temperature near 0 the words go round in circles until the limit.

In FOLDER: `transformers/`, as `from_pretrained` reads it, and `tiny.gguf` for llama.cpp.
"""

import shutil
import sys
from pathlib import Path

# These packages are installed where the servers are, and nowhere else.
import gguf  # type: ignore[import-not-found,unused-ignore]
import numpy  # type: ignore[import-not-found,unused-ignore]
import sentencepiece
import torch  # type: ignore[import-not-found,unused-ignore]
import transformers  # type: ignore[import-not-found,unused-ignore]

TOKENIZER = Path(__file__).parents[2] / "adapters/models/tokenizer.model.v1"
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% else %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}"
)
"""Like that of Mixtral-8x7B-Instruct-v0.1, it refuses a system role and two of a kind."""

WORDS = 200
HIDDEN, HEADS, LAYERS, EXPERTS, USED, INNER, WINDOW = 64, 4, 2, 4, 2, 32, 8192
ALWAYS, AFTER_BRACKET, AFTER_INST, FREE = 0, 1, 2, 3
"""What the dimensions of the hidden state mean; from FREE on they are random."""


def main(folder: Path) -> None:
    """Write both files."""
    tokens = sentencepiece.SentencePieceProcessor(model_file=str(TOKENIZER))
    ends = weights(tokens)
    write_transformers(folder / "transformers", *ends)
    write_gguf(folder / "tiny.gguf", tokens, *ends)


def weights(tokens: sentencepiece.SentencePieceProcessor) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The embedding and the output, both tokens x HIDDEN: together they say which word follows which."""
    chance = numpy.random.default_rng(8)
    pieces = [tokens.id_to_piece(number) for number in range(tokens.vocab_size())]
    letters = [n for n, piece in enumerate(pieces) if piece[0] == "▁" and piece[1:].isascii()]
    words = [n for n in letters if pieces[n][1:].isalpha() and len(pieces[n]) > 4][:WORDS]
    bracket, inst, close = (pieces.index(piece) for piece in ("▁[", "INST", "]"))
    embedding = numpy.zeros((len(pieces), HIDDEN), numpy.float32)
    embedding[:, FREE:] = chance.normal(0, 1, (len(pieces), HIDDEN - FREE))
    embedding[:, ALWAYS] = 1
    embedding[bracket, AFTER_BRACKET] = embedding[inst, AFTER_INST] = 8
    output = numpy.zeros_like(embedding)
    output[:, ALWAYS] = -30
    output[words, ALWAYS] = 0
    output[words, FREE:] = chance.normal(0, 0.2, (len(words), HIDDEN - FREE))
    output[bracket, ALWAYS] = 2
    output[inst, AFTER_BRACKET] = output[close, AFTER_INST] = 20
    return embedding, output


def write_transformers(folder: Path, embedding: numpy.ndarray, output: numpy.ndarray) -> None:
    """A model as the hub has it."""
    torch.manual_seed(8)
    config = transformers.MixtralConfig(
        vocab_size=len(embedding),
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        num_local_experts=EXPERTS,
        num_experts_per_tok=USED,
        max_position_embeddings=WINDOW,
    )
    model = transformers.MixtralForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.from_numpy(embedding))
        model.lm_head.weight.copy_(torch.from_numpy(output))
    # `transformers serve` takes the likeliest word, whatever the temperature, unless the model says this.
    model.generation_config.do_sample = True
    model.save_pretrained(folder)
    shutil.copy(TOKENIZER, folder / "tokenizer.model")
    tokenizer = transformers.LlamaTokenizer.from_pretrained(folder, legacy=True)
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)


def write_gguf(
    path: Path,
    tokens: sentencepiece.SentencePieceProcessor,
    embedding: numpy.ndarray,
    output: numpy.ndarray,
) -> None:
    """llama.cpp's file: Mixtral is its `llama` with experts."""
    chance = numpy.random.default_rng(8)

    def small(*shape: int) -> numpy.ndarray:
        return chance.normal(0, 0.02, shape).astype(numpy.float32)

    file = gguf.GGUFWriter(path, "llama")
    file.add_context_length(WINDOW)
    file.add_embedding_length(HIDDEN)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(INNER)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_dimension_count(HIDDEN // HEADS)
    file.add_vocab_size(len(embedding))
    file.add_expert_count(EXPERTS)
    file.add_expert_used_count(USED)
    add_tokenizer(file, tokens)
    file.add_tensor("token_embd.weight", embedding)
    file.add_tensor("output_norm.weight", numpy.ones(HIDDEN, numpy.float32))
    file.add_tensor("output.weight", output)
    for number in range(LAYERS):
        block = f"blk.{number}"
        for norm in ("attn_norm", "ffn_norm"):
            file.add_tensor(f"{block}.{norm}.weight", numpy.ones(HIDDEN, numpy.float32))
        for attention in ("attn_q", "attn_k", "attn_v", "attn_output"):
            file.add_tensor(f"{block}.{attention}.weight", small(HIDDEN, HIDDEN))
        file.add_tensor(f"{block}.ffn_gate_inp.weight", small(EXPERTS, HIDDEN))
        file.add_tensor(f"{block}.ffn_gate_exps.weight", small(EXPERTS, INNER, HIDDEN))
        file.add_tensor(f"{block}.ffn_up_exps.weight", small(EXPERTS, INNER, HIDDEN))
        file.add_tensor(f"{block}.ffn_down_exps.weight", small(EXPERTS, HIDDEN, INNER))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


def add_tokenizer(file: gguf.GGUFWriter, tokens: sentencepiece.SentencePieceProcessor) -> None:
    """SentencePiece's pieces, as llama.cpp keeps them."""
    kinds = []
    for number in range(tokens.vocab_size()):
        if tokens.is_unknown(number):
            kinds.append(gguf.TokenType.UNKNOWN)
        elif tokens.is_control(number):
            kinds.append(gguf.TokenType.CONTROL)
        elif tokens.is_byte(number):
            kinds.append(gguf.TokenType.BYTE)
        else:
            kinds.append(gguf.TokenType.NORMAL)
    file.add_tokenizer_model("llama")
    file.add_token_list([tokens.id_to_piece(number).encode() for number in range(tokens.vocab_size())])
    file.add_token_scores([tokens.get_score(number) for number in range(tokens.vocab_size())])
    file.add_token_types(kinds)
    file.add_bos_token_id(tokens.bos_id())
    file.add_eos_token_id(tokens.eos_id())
    file.add_unk_token_id(tokens.unk_id())
    file.add_chat_template(TEMPLATE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
