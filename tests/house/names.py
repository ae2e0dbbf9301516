"""Names that code which reads papers must not know: ISO 3166 countries, and exams and bodies met so far.

Myanmar is left out: it is also the name of a script in Unicode.
"""

from __future__ import annotations

from typing import Final

COUNTRIES: Final = tuple(
    """
Afghanistan,Albania,Algeria,Andorra,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bahamas,Bahrain,Bangladesh,
Barbados,Belarus,Belgium,Belize,Benin,Bhutan,Bolivia,Bosnia,Botswana,Brazil,Brunei,Bulgaria,Burkina,Burundi,Cambodia,
Cameroon,Canada,Chile,China,Colombia,Comoros,Congo,Costa Rica,Croatia,Cuba,Cyprus,Czechia,Denmark,Djibouti,Dominica,
Ecuador,Egypt,Eritrea,Estonia,Eswatini,Ethiopia,Fiji,Finland,France,Gabon,Gambia,Germany,Ghana,Greece,Grenada,
Guatemala,Guinea,Guyana,Haiti,Honduras,Hungary,Iceland,India,Indonesia,Iran,Iraq,Ireland,Israel,Italy,Jamaica,Japan,
Kazakhstan,Kenya,Kiribati,Korea,Kuwait,Kyrgyzstan,Laos,Latvia,Lebanon,Lesotho,Liberia,Libya,Liechtenstein,Lithuania,
Luxembourg,Madagascar,Malawi,Malaysia,Maldives,Mali,Malta,Mauritania,Mauritius,Mexico,Micronesia,Moldova,Monaco,
Mongolia,Montenegro,Morocco,Mozambique,Namibia,Nauru,Nepal,Netherlands,New Zealand,Nicaragua,Niger,Nigeria,
Macedonia,Norway,Oman,Pakistan,Palau,Palestine,Panama,Paraguay,Peru,Philippines,Poland,Portugal,Qatar,Romania,Russia,
Rwanda,Samoa,San Marino,Saudi Arabia,Senegal,Serbia,Seychelles,Sierra Leone,Singapore,Slovakia,Slovenia,Somalia,
South Africa,Spain,Sri Lanka,Sudan,Suriname,Sweden,Switzerland,Syria,Taiwan,Tajikistan,Tanzania,Thailand,Togo,Tonga,
Tunisia,Türkiye,Turkmenistan,Tuvalu,Uganda,Ukraine,United Arab Emirates,United Kingdom,United States,Uruguay,
Uzbekistan,Vanuatu,Venezuela,Vietnam,Yemen,Zambia,Zimbabwe,Hong Kong,Macau,España,Perú,México,台灣,日本,대한민국
""".replace("\n", "").split(",")
)

EXAMS: Final = (
    *("MIR", "FIR", "BIR", "PIR", "EIR", "Examen Unico", "Examen Único", "MOEX", "CONAREME", "ENAM", "ENARM"),
    *("EUNACOM", "Revalida", "Krok", "KROK", "Matura", "HSGE", "KICE", "CSAT", "Suneung", "Keiryoshi", "Igaku"),
    *("USMLE", "PLAB", "NEET", "AIIMS", "MedQA", "HeadQA", "HEAD-QA", "MedMCQA", "FrenchMedMCQA", "MMLU", "GPQA"),
    *("CasiMedicos", "MedQuAD", "BioMQM", "DEMETR", "MLQE", "PES", "LEK", "LDEK", "SMLE", "FMGE", "Gaokao", "IFOM"),
)
