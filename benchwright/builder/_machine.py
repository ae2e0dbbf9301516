"""Kit: loops in the language of LLVM made into machine code, where llvmlite is installed."""

from __future__ import annotations

import ctypes
from typing import Any, Final

__all__ = ["functions_of", "machine_has"]

_LEVEL: Final = 3


def functions_of(
    source: str, calls: dict[str, tuple[Any, ...]], level: int = _LEVEL
) -> tuple[dict[str, Any], Any] | None:
    """Return functions to call and the engine that holds them; null where llvmlite is not installed.

    Args:
        source: a module in the language of LLVM.
        calls: for each function the type of its result and those of its arguments, of ``ctypes``.
        level: how much the loops are rewritten, from 0 to 3: those that are written as they are to run need nothing.
    """
    try:
        import llvmlite.binding as llvm
    except ImportError:
        return None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=_LEVEL
    )
    module = llvm.parse_assembly(source)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=level))
    builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return {name: ctypes.CFUNCTYPE(*types)(engine.get_function_address(name)) for name, types in calls.items()}, engine


def machine_has(feature: str) -> bool:
    """Tell whether the processor has a feature, by the name that LLVM has for it; false where llvmlite is not there."""
    try:
        import llvmlite.binding as llvm
    except ImportError:
        return False
    return bool(llvm.get_host_cpu_features().get(feature))
