"""Machine code of the loops of :mod:`benchwright.sources._pdffast`, made with llvmlite and kept on disk.

Loading the compiler takes about 0.1 s, more than a short paper takes to read: on Linux the few hundred bytes that it
makes are kept in the cache folder of the user and mapped from there by later processes, which never load it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import mmap
import platform
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from benchwright.sources._kept import keep, kept_file, trusted

__all__ = ["SHAPES", "Loops", "code_name", "loops_on_disk", "made_loops", "source_of"]

Loops = dict[str, Callable[..., None]]
"""For each shape of call its loop."""
SHAPES: Final = ("index0i", "index0p", "index1i", "index2i", "handle0i", "handle0p", "handle1i", "handle4i")
"""What a function of PDFium gets: a page and a number or an object; to how many values it writes; whether it answers
with a number or a pointer."""
_LOOP: Final = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, *[ctypes.c_void_p] * 2, ctypes.c_int64, ctypes.c_int64
)
_ALIGN: Final = 64


def source_of(shape: str) -> str:
    """Return the loop of one shape of call in the language of LLVM.

    Its arguments: the function, the page or the addresses of the objects, how many, where the answers go (8 bytes
    each), where the function writes for the first thing, bytes from thing to thing, bytes from value to value.
    """
    indexed, pointers, answer = shape.startswith("index"), int(shape[-2]), "ptr" if shape[-1] == "p" else "i32"
    room = "".join(
        f"  %o{k} = mul i64 %step, {k}\n  %p{k} = getelementptr i8, ptr %row, i64 %o{k}\n" for k in range(pointers)
    )
    given = ["ptr %first, i32 %k"] if indexed else ["ptr %thing"]
    kinds = ["ptr, i32"] if indexed else ["ptr"]
    given += [f"ptr %p{k}" for k in range(pointers)]
    kinds += ["ptr"] * pointers
    thing = (
        "  %k = trunc i64 %i to i32\n"
        if indexed
        else "  %at = getelementptr i64, ptr %first, i64 %i\n  %thing = load ptr, ptr %at\n"
    )
    return (
        f"define void @{shape}(ptr %f, ptr %first, i64 %n, ptr %out, ptr %base, i64 %stride, i64 %step) nounwind {{\n"
        "entry:\n  %some = icmp sgt i64 %n, 0\n  br i1 %some, label %loop, label %end\n"
        "loop:\n  %i = phi i64 [ 0, %entry ], [ %next, %loop ]\n"
        "  %away = mul i64 %i, %stride\n  %row = getelementptr i8, ptr %base, i64 %away\n"
        f"{room}{thing}"
        f"  %r = call {answer} ({', '.join(kinds)}) %f({', '.join(given)})\n"
        "  %slot = getelementptr i64, ptr %out, i64 %i\n"
        f"  store {answer} %r, ptr %slot\n"
        "  %next = add i64 %i, 1\n  %more = icmp slt i64 %next, %n\n  br i1 %more, label %loop, label %end\n"
        "end:\n  ret void\n}\n"
    )


def code_name() -> str:
    """Return the name of the file in which the machine code is kept."""
    text = "".join(source_of(shape) for shape in SHAPES) + sys.platform + platform.machine() + str(sys.maxsize)
    return f"calls-{hashlib.sha256(text.encode()).hexdigest()[:20]}.bin"


@lru_cache(maxsize=1)
def loops_on_disk() -> Loops | None:
    """Return the loops that an earlier process kept, or None where none can be trusted."""
    path = kept_file(code_name())
    if path is None or not sys.platform.startswith("linux"):
        return None
    try:
        with path.open("rb") as stream:
            starts = _starts(stream.read()) if trusted(stream.fileno()) else None
            if starts is None:
                return None
            code = mmap.mmap(stream.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)
    except OSError:
        return None
    return _functions(code, starts)


def _functions(code: mmap.mmap, starts: dict[str, int]) -> Loops:
    import numpy as np

    base = np.frombuffer(code, dtype=np.uint8).ctypes.data
    loops: Loops = {shape: _LOOP(base + start) for shape, start in starts.items()}
    for loop in loops.values():
        loop.code = code  # type: ignore[attr-defined]
    return loops


def _starts(data: bytes) -> dict[str, int] | None:
    """Return where each loop begins in a file, or None when the file is not whole."""
    head, _, rest = data.partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode() != head:
        return None
    found = json.loads(rest.partition(b"\n")[0])
    return {str(shape): int(start) for shape, start in found.items()}


@lru_cache(maxsize=1)
def made_loops() -> Loops | None:
    """Compile the loops and keep them on disk; None where llvmlite is not installed."""
    try:
        import llvmlite.binding as llvm
    except ImportError:
        return None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=2, reloc="pic", codemodel="default")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    loops: Loops = {}
    texts: dict[str, bytes] = {}
    for shape in SHAPES:
        texts[shape] = _text_section(llvm, machine.emit_object(llvm.parse_assembly(source_of(shape))))
        engine.add_module(llvm.parse_assembly(source_of(shape)))
    engine.finalize_object()
    for shape in SHAPES:
        loops[shape] = _LOOP(engine.get_function_address(shape))
        loops[shape].engine = engine  # type: ignore[attr-defined]
    if sys.platform.startswith("linux") and all(texts.values()):
        keep(code_name(), _whole_file(texts))
    return loops


def _text_section(llvm: Any, made: bytes) -> bytes:
    """Return the code of an object file with one function, or nothing where it has to be linked first."""
    code = b""
    for section in llvm.ObjectFileRef.from_data(made).sections():
        if "rel" in str(section.name()) and section.size():
            return b""
        if section.is_text():
            code += bytes(section.data())
    return code


def _whole_file(texts: dict[str, bytes]) -> bytes:
    """Return the code as one file: its own sum, where each loop begins, the loops."""
    length = _ALIGN * 8
    starts, body = {}, b""
    for shape, text in texts.items():
        starts[shape] = length + len(body)
        body += text + b"\0" * (-len(text) % _ALIGN)
    rest = json.dumps(starts).encode() + b"\n"
    rest += b"\0" * (length - 65 - len(rest)) + body
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest
