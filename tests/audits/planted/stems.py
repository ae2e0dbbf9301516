"""Defects for the audit `stems`."""

from __future__ import annotations

from benchwright.schemas import Item, Option
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id
LINED = "Relacione cada fase con su hecho:\nProfase — rotura de la membrana"


def _among(stem: str, language: str = "es", *, siblings: str = "¿Qué conviene al caso {}?") -> list[Item]:
    rest = [item(number, language, stem=siblings.format(number)) for number in range(2, 46)]
    return [item(1, language, stem=stem), *rest]


def _cut(stem: str, language: str = "es", siblings: str = "¿Qué conviene al caso {}?") -> Plant:
    found = _among(stem, language, siblings=siblings)
    return Plant(found, found[0].id, "stem", [("stem", max(0, len(stem) - 20), len(stem))])


def _of(stem: str, *texts: str, **rest: object) -> Plant:
    return Plant([item(stem=stem, texts=texts)], ID, "stem", **rest)  # type: ignore[arg-type]


SECOND = tuple(Option(id="BCD"[n], label=f"{'BCD'[n]}.", text=text) for n, text in enumerate(("tos", "dolor", "ictus")))

PLANTED = {
    "S221": [
        _cut("¿Cuál es el tratamiento de la"),
        _cut("Which drug suits a patient with", "en", "Which drug suits case {}?"),
        _cut("Какой препарат показан при", "ru", "Какой препарат показан в случае {}?"),
        _cut("ما الدواء المناسب لمريض يعاني من", "ar", "ما الدواء المناسب للحالة {}؟"),
        _cut("रोगी के लिए सही दवा और", "hi", "रोगी {} के लिए सही दवा?"),
        _cut("關於成人之用藥以及", "zh-Hant", "關於病人{}之用藥，何者正確？"),
        _cut("Hombre de 60 años con fiebre,"),
        _of("Paciente con insuficiencia cardio-", "a1", "b2", "c3"),
        _of("Paciente tratado con (", "a1", "b2", "c3"),
    ],
    "S222": [
        Plant(_among("semanas después del parto, una mujer tiene fiebre."), ID, "stem", [("stem", 0, 7)]),
        Plant(
            _among("недели спустя у больного жар.", "ru", siblings="Какой препарат показан в случае {}?"),
            item(1, "ru").id,
            "stem",
            [("stem", 0, 6)],
        ),
        _of(", con fiebre de tres días", "a1", "b2", spans=[("stem", 0, 1)]),
    ],
    "S223": [
        _of("Paciente con fiebre (39 grados y tos?", "a1", "b2"),
        _of("患者「発熱がある。何か。", "a1", "b2"),
        _of("مريض (39 درجة؟", "a1", "b2"),
        Plant([item(texts=("tos seca)", "fiebre", "dolor"))], ID, "option:A"),
    ],
    "S224": [
        _of("Neumonía.", "neumonía", "bronquitis", "asma", spans=[("stem", 0, 9)]),
        _of("लक्षण क्या है", "लक्षण क्या है?", "b2", "c3"),
    ],
    "S225": [
        _of("¿Cuál es? A) fiebre B) tos C) disnea", "fiebre", "tos", "disnea", spans=[("stem", 30, 36)]),
        _of("何か。ア 発熱あり イ 咳嗽あり ウ 疼痛あり", "発熱あり", "咳嗽あり", "疼痛あり"),
    ],
    "S226": [
        _of(
            LINED,
            "Metafase — placa ecuatorial",
            "Anafase — separación de cromátidas",
            "Telofase — dos núcleos nuevos",
            spans=[("stem", 34, len(LINED))],
        ),
        Plant([item(stem="¿Cuál es?\nA. fiebre", options=SECOND)], ID, "stem", [("stem", 10, 19)]),
    ],
}
