"""A seccomp filter: system calls that no evaluation needs and that widen what an attacker can reach.

A deny list, because numpy, pandas and scikit-learn on any kernel and libc must keep working.
Call numbers: the kernel's asm/unistd.h of each architecture.
"""

import ctypes
import errno
import struct

from evaluation_runtime.linux import MACHINE, PR_SET_SECCOMP, process_control_pointer

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_FILTER_MODE = 2
_X32_BIT = 0x4000_0000
_NEW_NAMESPACES = 0x7E02_0000
_AF_UNIX = 1

_ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}

# name: (x86_64, aarch64); None where the architecture has no such call.
_DENIED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "statmount": (457, 457), "listmount": (458, 458),
    "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "syslog": (103, 116), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    "lookup_dcookie": (212, 18), "vhangup": (153, 58), "nfsservctl": (180, 42),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
    # Memory that no watchdog sees and no end of the run frees: neither in the resident size nor in scratch.
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
_CLONE, _CLONE3 = {"x86_64": (56, 435), "aarch64": (220, 435)}.get(MACHINE, (-1, -1))
_SOCKET, _SOCKETPAIR = {"x86_64": (41, 53), "aarch64": (198, 199)}.get(MACHINE, (-1, -1))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _step(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _refuse(number: int, error: int) -> bytes:
    return _step(_EQUAL, number, otherwise=1) + _step(_RETURN, _ERROR | error)


def build(machine: str = MACHINE) -> bytes:
    """Write the filter program for a machine. Raises KeyError for one that is not known here."""
    column = ("x86_64", "aarch64").index(machine) if machine in _ARCHITECTURES else None
    if column is None:
        raise KeyError(machine)
    program = _step(_LOAD, _ARCHITECTURE) + _step(_EQUAL, _ARCHITECTURES[machine], then=1)
    program += _step(_RETURN, _KILL) + _step(_LOAD, _NUMBER)
    if machine == "x86_64":
        program += _step(_AT_LEAST, _X32_BIT, otherwise=1) + _step(_RETURN, _KILL)
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            program += _refuse(number, errno.EPERM)
    # ENOSYS makes libc fall back to clone, whose flags a filter can read.
    program += _refuse(_CLONE3, errno.ENOSYS)
    program += _step(_EQUAL, _CLONE, otherwise=4) + _step(_LOAD, _FIRST_ARGUMENT)
    program += _step(_ANY_BIT, _NEW_NAMESPACES, otherwise=1) + _step(_RETURN, _ERROR | errno.EPERM)
    program += _step(_RETURN, _ALLOW)
    for number in (_SOCKET, _SOCKETPAIR):
        program += _step(_EQUAL, number, otherwise=4) + _step(_LOAD, _FIRST_ARGUMENT)
        program += _step(_EQUAL, _AF_UNIX, then=1) + _step(_RETURN, _ERROR | errno.EACCES)
        program += _step(_RETURN, _ALLOW)
    return program + _step(_RETURN, _ALLOW)


def install(program: bytes) -> None:
    """Filter this process and all its descendants for ever. Needs no_new_privs. Raises OSError."""
    buffer = ctypes.create_string_buffer(program, len(program))
    head = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p).value)
    process_control_pointer(PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(head))
