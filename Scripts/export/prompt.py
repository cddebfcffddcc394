"""The prompt Arc2Face was trained with, as token ids.

`photo of a id person`, where the embedding of the token `id` gives way to the identity vector
(Papantoniou et al., "Arc2Face: A Foundation Model for ID-Consistent Human Faces", ECCV 2024).
"""

from dataclasses import dataclass

from published import ExportError

TEXT = "photo of a id person"
PLACEHOLDER = "id"
LENGTH = 77
# By the public vocabulary of CLIP: begin, photo, of, a, id, person, end.
BEGIN, WORDS, PLACEHOLDER_ID, END = 49406, (1125, 539, 320, 1014, 2533), 1014, 49407


@dataclass(frozen=True)
class Prompt:
    ids: tuple
    empty: tuple  # the ids of the empty prompt
    placeholder: int  # position in ids
    begin: int
    end: int
    pad: int


def known():
    return _prompt((BEGIN, *WORDS, END), (BEGIN, END), PLACEHOLDER_ID, END)


def read(folder):
    """By a tokenizer's own files; they must know the placeholder as one token."""
    from transformers import CLIPTokenizer

    names = ("vocab.json", "merges.txt")
    files = [folder / name for name in names]
    absent = [str(file) for file in files if not file.is_file()]
    if absent:
        raise ExportError(f"{' and '.join(absent)} missing; remove {folder} to use the known ids")
    tokenizer = CLIPTokenizer(*map(str, files), pad_token="<|endoftext|>")
    marks = tokenizer(PLACEHOLDER).input_ids[1:-1]
    ids = tokenizer(TEXT).input_ids
    if len(marks) != 1 or ids.count(marks[0]) != 1:
        raise ExportError(
            f"the tokenizer in {folder} has no token for the word '{PLACEHOLDER}'; it is not that"
            " of Stable Diffusion 1.5"
        )
    return _prompt(ids, tokenizer("").input_ids, marks[0], tokenizer.pad_token_id)


def _prompt(ids, empty, mark, pad):
    def padded(short):
        return tuple(short) + (pad,) * (LENGTH - len(short))

    place = list(ids).index(mark)
    return Prompt(padded(ids), padded(empty), place, ids[0], ids[-1], pad)


def check(prompt, vocabulary):
    if max(prompt.ids) >= vocabulary:
        raise ExportError(
            f"the encoder knows {vocabulary} tokens, but the prompt has token {max(prompt.ids)};"
            " put the tokenizer that belongs to it into BASE/tokenizer"
        )
