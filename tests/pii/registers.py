"""Personal numbers drawn until python-stdnum, which shares nothing with our checks, says that they are valid."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import stdnum

__all__ = ["REGISTERS", "Register", "draw"]


@dataclass(frozen=True)
class Register:
    """One register: its language here, what people call the number, and how it is written.

    In ``form`` ``#`` is a digit, ``@`` a letter, ``*`` either, ``%`` the year, month and day of a birth in the order that
    ``dates`` says; all else is itself.
    """

    module: str
    language: str
    name: str
    form: str
    dates: str = "%y%m%d"
    letters: str = string.ascii_uppercase
    bare: bool = True
    """False where a number without its name beside it proves nothing, and is not asked for."""


REGISTERS: Final = (
    Register("es.dni", "es", "DNI", "########@"),
    Register("es.nie", "es", "NIE", "X#######@"),
    Register("ar.cuit", "es", "CUIT", "20-########-#"),
    Register("cl.rut", "es", "RUT", "12.###.###-#"),
    Register("mx.curp", "es", "CURP", "@@@@%HDFRRL0#"),
    Register("ec.ci", "es", "cédula", "17########", bare=False),
    Register("do.cedula", "es", "cédula", "001-#######-#"),
    Register("co.nit", "es", "NIT", "#########-#", bare=False),
    Register("br.cpf", "pt", "CPF", "###.###.###-##"),
    Register("br.cnpj", "pt", "CNPJ", "##.###.###/0001-##"),
    Register("pt.nif", "pt", "NIF", "2########", bare=False),
    Register("fr.nir", "fr", "numéro de sécurité sociale", "18505750########"[:15], dates=""),
    Register("be.nn", "fr", "numéro de registre national", "%-###.##", dates="%y.%m.%d"),
    Register("it.codicefiscale", "it", "codice fiscale", "@@@@@@85T10@###@"),
    Register("de.idnr", "de", "Steuer-ID", "###########", bare=False),
    Register("at.vnr", "de", "Sozialversicherungsnummer", "####%", dates="%d%m%y", bare=False),
    Register("ch.ssn", "de", "AHV-Nummer", "756.####.####.##"),
    Register("nl.bsn", "nl", "BSN", "#########", bare=False),
    Register("pl.pesel", "pl", "PESEL", "%#####"),
    Register("cz.rc", "cs", "Rodné číslo", "%/####"),
    Register("se.personnummer", "sv", "personnummer", "%-####"),
    Register("no.fodselsnummer", "sv", "personnummer", "%#####", dates="%d%m%y"),
    Register("dk.cpr", "sv", "CPR", "%-####", dates="%d%m%y"),
    Register("fi.hetu", "sv", "henkilötunnus", "%-###*", dates="%d%m%y", letters="ABCDEFHJKLMNPRSTUVWXY"),
    Register("ro.cnp", "ro", "CNP", "1%######"),
    Register("bg.egn", "ru", "ЕГН", "%####"),
    Register("ru.inn", "ru", "ИНН", "############"),
    Register("ua.rntrc", "uk", "РНОКПП", "##########", bare=False),
    Register("tr.tckimlik", "tr", "TC kimlik no", "###########"),
    Register("gr.amka", "en", "AMKA", "%#####", dates="%d%m%y"),
    Register("ee.ik", "en", "isikukood", "3%####"),
    Register("lt.asmens", "en", "asmens kodas", "4%####"),
    Register("hr.oib", "en", "OIB", "###########", bare=False),
    Register("si.emso", "en", "EMŠO", "%50####", dates="%d%m9%y"),
    Register("gb.nhs", "en", "NHS number", "### ### ####", bare=False),
    Register("ie.pps", "en", "PPS number", "#######@"),
    Register("us.ssn", "en", "SSN", "###-##-####"),
    Register("ca.sin", "en", "SIN", "###-###-###", bare=False),
    Register("au.tfn", "en", "TFN", "### ### ###", bare=False),
    Register("za.idnr", "en", "ID number", "%####08#"),
    Register("in_.aadhaar", "en", "Aadhaar", "#### #### ####"),
    Register("in_.pan", "en", "PAN", "@@@P@####@"),
    Register("my.nric", "en", "NRIC", "%-10-####"),
    Register("id.nik", "en", "NIK", "317101%0###", dates="%d%m%y"),
    Register("th.pin", "en", "national ID", "#-####-#####-##-#"),
    Register("il.idnr", "en", "teudat zehut", "#########", bare=False),
    Register("cn.ric", "zh", "身份证号", "110101%###*", dates="%Y%m%d", letters="X"),
    Register("kr.rrn", "ko", "주민등록번호", "%-1######"),
)


def draw(register: Register, chance: random.Random) -> str:
    """Return one valid number.

    Raises:
        ValueError: none was drawn in many tries.
    """
    from datetime import date, timedelta

    module = import_module(f"{stdnum.__name__}.{register.module}")
    for _ in range(60_000):
        day = date(1940, 1, 1) + timedelta(days=chance.randrange(21_000))
        written = register.form.replace("%", day.strftime(register.dates)) if register.dates else register.form
        if register.module == "si.emso":
            written = day.strftime("%d%m") + day.strftime("%Y")[1:] + register.form[1:]
        number = "".join(_sign(sign, register, chance) for sign in written)
        if module.is_valid(number):
            return number
    raise ValueError(register.module)


def _sign(sign: str, register: Register, chance: random.Random) -> str:
    match sign:
        case "#":
            return chance.choice(string.digits)
        case "@":
            return chance.choice(register.letters)
        case "*":
            return chance.choice(string.digits + register.letters)
        case _:
            return sign
