"""Where does the compiled interpreter come from? From the project's cache on disk, or from numba, within seconds, once.

`python -m model.projection.compilation` fills the cache. What is in it is machine code for this source, this numba and
this processor; loading it takes no numba. A folder that cannot be read or written, and a file that is not what was
written, cost the time to compile, nothing else. Nothing is loaded or compiled before something is to be projected.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

from model import ROOT

SOURCES = ("interpreter.py", "program.py")
"""Files that the compiled code depends on."""
NAME = "carry_out"
Execute = Callable[..., None]
_LOCK = threading.Lock()


def interpreter() -> Execute:
    """The compiled `interpreter.execute`, which takes addresses; whoever asks while it is being made waits for it."""
    with _LOCK:
        return _interpreter()[0]


def cached() -> bool:
    """Whether there is something in the cache."""
    return file().is_file()


def begin() -> None:
    """Have the interpreter made in a thread, unless it is there, so that it is there when it is needed."""
    if not _interpreter.cache_info().currsize:
        threading.Thread(target=interpreter).start()  # no daemon: compilers do not like to be stopped at the exit


def file() -> Path:
    """Where the machine code of this source and this numba is kept."""
    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in SOURCES]
    parts += [f"{name} {metadata.version(name)}".encode() for name in ("numba", "llvmlite")]
    key = hashlib.sha256(b"\n".join([*parts, f"{sys.platform} {platform.machine()}".encode()])).hexdigest()
    return ROOT / ".cache" / "kernel" / f"{key[:16]}.o"


@lru_cache(maxsize=1)
def _interpreter() -> tuple[Execute, Any]:
    kept, code = file(), b""
    with suppress(OSError):
        code = _intact(kept.read_bytes())
    if not code:
        code = _compiled()
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            hidden = kept.with_suffix(f".{os.getpid()}")
            hidden.write_bytes(_seal(code) + code)
            hidden.replace(kept)  # whole or not at all, whoever else writes it
    return _loaded(code)


def _compiled() -> bytes:
    """Machine code of the interpreter alone, without what numba adds for calls from Python."""
    from llvmlite import binding as llvm
    from numba import njit

    from model.projection.interpreter import SIGNATURE, execute

    compiled: Any = njit(nogil=True, error_model="numpy")(execute)
    compiled.compile(SIGNATURE)
    (signature,) = compiled.signatures
    module = llvm.parse_assembly(compiled.inspect_llvm(signature))
    wanted = compiled.overloads[signature].fndesc.llvm_func_name
    for each in (*module.functions, *module.global_variables):
        if each.name == wanted:
            each.name = NAME
        elif not each.is_declaration:
            each.linkage = "internal"
    machine = _machine(module.triple)
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    return bytes(machine.emit_object(module))


def _machine(triple: str) -> Any:
    """What writes and loads machine code for this processor."""
    from llvmlite import binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = _processor()
    target = llvm.Target.from_triple(triple)
    return target.create_target_machine(name, features, opt=3, reloc="default", codemodel="jitdefault", jit=True)


def _processor() -> tuple[str, str]:
    from llvmlite import binding as llvm

    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _seal(code: bytes) -> bytes:
    """What code for this processor must carry, so that it is known to be whole and to run here."""
    return hashlib.sha256(" ".join(_processor()).encode() + code).digest()


def _intact(content: bytes) -> bytes:
    """The code of a file of the cache; nothing if it is not what was written on such a processor."""
    seal, code = content[:32], content[32:]
    return code if code and seal == _seal(code) else b""


def _loaded(code: bytes) -> tuple[Execute, Any]:
    """The interpreter as a function, which lets other threads run meanwhile, and what keeps its code in memory."""
    from llvmlite import binding as llvm

    empty = llvm.parse_assembly("")
    engine = llvm.create_mcjit_compiler(empty, _machine(llvm.get_process_triple()))
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    kinds = [ctypes.c_void_p] * 11 + [ctypes.c_int64] * 2
    returned, trouble = ctypes.c_void_p(), ctypes.c_void_p()  # numba's own first two arguments: never written here
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *kinds)(
        engine.get_function_address(NAME)
    )
    return partial(function, ctypes.byref(returned), ctypes.byref(trouble)), engine


if __name__ == "__main__":
    interpreter()
