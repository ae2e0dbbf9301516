"""The words that boards print around their questions and keys."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, Any]] = {
    "pt": {
        "question": "Questão",
        "range": ("Texto para responder às questões {a} e {b}.", "Texto para responder às questões de {a} a {b}."),
        "case": "Considere o caso clínico a seguir para responder às questões de {a} a {b}.",
        "contains": (
            "Este caderno contém {n} questões objetivas.",
            "Confira se este caderno contém {n} ({n}) questões objetivas, numeradas de 1 a {n}.",
            "Você receberá do fiscal um caderno com a prova objetiva contendo {n} questões de múltipla escolha.",
        ),
        "rules": (
            "Verifique se os seus dados estão corretos na folha de respostas.",
            "A prova terá a duração de 4 horas e 30 minutos, incluído o tempo da folha.",
            "Cada questão apresenta 5 opções de resposta e somente uma delas é correta.",
            "Use caneta esferográfica de tinta preta; não dobre nem rasure a folha.",
            "Você poderá levar o caderno somente nos últimos 60 minutos.",
        ),
        "sections": ("CONHECIMENTOS ESPECÍFICOS", "CLÍNICA VELMÉDICA", "CONHECIMENTOS BÁSICOS", "SAÚDE COLETIVA"),
        "free": ("Área livre", "Rascunho", "ÁREA LIVRE"),
        "key": "Gabarito definitivo",
        "type": "Tipo",
        "code": "Cargo",
        "annulled": ("ANULADA", "X", "*"),
        "legend": "{sign} Questão anulada",
        "continued": "(continuação)",
        "page": "Página {page}",
    },
    "es": {
        "question": "Pregunta",
        "range": ("Texto para responder a las preguntas {a} y {b}.", "Texto para las preguntas {a} a {b}."),
        "case": "Considere el siguiente caso clínico para responder a las preguntas {a} a {b}.",
        "contains": (
            "Este cuadernillo contiene {n} preguntas de opción múltiple.",
            "Compruebe que este cuadernillo contiene {n} ({n}) preguntas, numeradas de 1 a {n}.",
            "El examen consta de {n} preguntas.",
        ),
        "rules": (
            "Compruebe sus datos en la hoja de respuestas.",
            "La prueba dura 4 horas y 30 minutos, incluida la hoja.",
            "Cada pregunta tiene 5 opciones y solo una es correcta.",
            "Use bolígrafo de tinta negra; no doble la hoja.",
            "Podrá llevarse el cuadernillo en los últimos 60 minutos.",
        ),
        "sections": ("CONOCIMIENTOS ESPECÍFICOS", "CLÍNICA VELMÉDICA", "CONOCIMIENTOS BÁSICOS", "SALUD COLECTIVA"),
        "free": ("Espacio libre", "Borrador"),
        "key": "Claves definitivas",
        "type": "Tipo",
        "code": "Cargo",
        "annulled": ("ANULADA", "X", "*"),
        "legend": "{sign} Pregunta anulada",
        "continued": "(continuación)",
        "page": "Página {page}",
    },
}
"""The words around questions and keys; `{n}` is the number of questions."""
JOBS = {
    "pt": ("ACUPUNTURA VELK", "CARDIOVEL INTENSIVA", "CLÍNICA VELMÉDICA", "GASTROVEL", "INFECTOVEL", "NEFROVEL ADULTO",
           "NEUROVEL", "ORTOVELK", "ORTOVELK PEDIÁTRICA", "PNEUMOVEL", "PSIQUIAVEL", "UROLOGIA DE VELK"),
    "es": ("ACUPUNTURA VELK", "CARDIOVEL INTENSIVA", "CLÍNICA VELMÉDICA", "GASTROVEL", "INFECTOVEL", "NEFROVEL ADULTO",
           "NEUROVEL", "ORTOVELK", "ORTOVELK PEDIÁTRICA", "NEUMOVEL", "PSIQUIAVEL", "UROLOGÍA DE VELK"),
}  # fmt: skip
