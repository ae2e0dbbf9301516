# ruff: noqa: E501  (one text a line)
"""Invented texts of boards: what a language has, and the texts of German, Russian, Chinese and Arabic.

Written without the word lists of the filters at hand; common words are in both all the same. No text is taken from a
board, and no person or product exists.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MORE", "Material"]


@dataclass(frozen=True)
class Material:
    """The texts of one language; ``replies`` answer ``health``, ``chat`` answers ``other``."""

    health: tuple[str, ...]
    replies: tuple[str, ...]
    other: tuple[str, ...]
    chat: tuple[str, ...]
    greetings: tuple[str, ...]
    adverts: tuple[str, ...]
    short: tuple[str, ...]
    brief: tuple[str, ...]
    mentions: tuple[str, ...]
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]


MORE = {
    "de": Material(
        health=(
            "Wenn ich zu schnell aufstehe, wird mir schwarz vor Augen und ich muss mich festhalten. Ist das gefährlich?",
            "Mein Sohn ist vier und hat seit gestern Abend 39,1, er trinkt kaum etwas.",
            "Ich nehme seit einem Monat Ramipril und habe nachts ständig Reizhusten. Hängt das zusammen?",
            "Hinter meinem Ohr ist eine kleine harte Beule, die sich nicht verschieben lässt.",
            "Ich bin in der 28. Woche und meine Füße sind so dick, dass kein Schuh mehr passt.",
            "Immer wenn ich fettig esse, krampft es unter dem rechten Rippenbogen.",
            "Mein Vater vergisst, wo er geparkt hat, und fragt dreimal in der Stunde dasselbe. Wo kann man ihn testen lassen?",
            "Heute früh hing mein halbes Gesicht herunter und ein Lid geht nicht mehr zu.",
            "Darf ich am selben Tag zwei verschiedene Schmerzmittel nehmen, wenn das erste beim Hexenschuss nicht hilft?",
            "Beim Laufen sticht es innen am Schienbein, Kühlen hilft etwa eine Stunde.",
        ),
        replies=(
            "Das klingt harmlos, lassen Sie es aber diese Woche ansehen, früher, falls es schlimmer wird.",
            "Geben Sie alle zehn Minuten kleine Schlucke und achten Sie auf nasse Windeln; bei Schläfrigkeit bitte kommen.",
            "Ja, das ist eine bekannte Nebenwirkung; bitten Sie um einen Wechsel auf ein Sartan.",
            "Absetzen und die Leberwerte prüfen lassen, bevor etwas Neues begonnen wird.",
            "Schonung, Kompression und langsamer Aufbau über sechs Wochen reichen meist aus.",
            "Gehen Sie bitte sofort in die Notaufnahme, das darf nicht bis morgen warten.",
        ),
        other=(
            "Mein Laptop startet alle zehn Minuten neu, kennt jemand ein kostenloses Programm dagegen?",
            "Welche Reifen empfehlt ihr für einen alten Transporter, der meist in den Bergen fährt?",
            "Mir wurde dieselbe Fahrkarte zweimal abgebucht und niemand geht ans Telefon.",
            "Wir suchen einen ruhigen Campingplatz am See, zwei Familien mit kleinen Kindern.",
            "Wie bekomme ich einen Rotweinfleck aus einer Leinentischdecke, ohne dass die Farbe leidet?",
            "Mein Vermieter will die Miete zum zweiten Mal in diesem Jahr erhöhen, darf er das?",
            "Was ist euch bei einem Roman wichtiger, die Handlung oder die Figuren?",
            "Mein Teig geht im Winter nie auf. Mehr Hefe oder mehr Zeit?",
        ),
        chat=(
            "Probier eine andere Marke, bei mir war es genauso und danach war es weg.",
            "Schreib ihnen ein Einschreiben und setz eine Frist von zwei Wochen.",
            "Wir waren letzten Sommer dort und fanden es toll, früh buchen.",
            "Stell ihn in den Ofen, nur mit der Lampe an, das klappt immer.",
        ),
        greetings=(
            "Guten Abend Herr Doktor!",
            "Tausend Dank für die schnelle Antwort, Frau Dr. Weber.",
            "Huhu ihr Lieben, ich bin ganz neu hier :)",
            "Herzlichen Dank und ein schönes Wochenende!",
            "Bitte, kann mir jemand helfen??",
            "Sehr gerne, gute Besserung.",
            "Guten Morgen zusammen, ich hoffe, es geht euch gut.",
            "Liebe Grüße aus Bremen.",
        ),
        adverts=(
            "Schluss mit Gelenkschmerzen dank FlexoKraut! Heute bestellen auf www.flexokraut-shop.de und 40% Rabatt sichern.",
            "Ich litt jahrelang, bis mir Meister Omar mit seinen Kräutern half. WhatsApp +49 151 5550 1478.",
            "Günstige Medikamente ohne Rezept, versandkostenfrei, beste Preise: https://apo-billig24.shop !!!",
            "Unsere Praxis in Neudorf bietet Laserbehandlung ab 99 €. Rufen Sie uns an: 0711 555 0147 und Termin buchen.",
            "12 KILO WENIGER IN 30 TAGEN!!! 100% natürlich, Geld-zurück-Garantie, klick hier: schlankjetzt.store",
            "Nebenverdienst von zu Hause, kleine Investition, heute kostenlos registrieren, telegram @geldleicht_taeglich",
        ),
        short=("Kopfweh?", "bitte helfen", "Warum?", "mein Bein...", "??", "gibt es Neues"),
        brief=("Ist 140/95 mit 30 zu hoch?", "Milch zu Doxycyclin erlaubt?", "Naht juckt nach 3 Wochen noch, normal?"),
        mentions=(
            "Ich habe auf www.apotheke-ausland.com Tabletten für 20 Euro bestellt, sie riechen komisch. Fälschung?",
            "In der Apotheke bekam ich 10% auf das Generikum. Ist es wirklich dasselbe wie das Original?",
            "Das Spray kostet 40 Euro im Monat, gibt es etwas ebenso Wirksames, das weniger kostet?",
        ),
        signed=(
            "\nDr. Karin Vogt",
            "\n\nU. Seidel, Fachärztin für Innere Medizin",
            "\n— Jens Albers, Kardiologe",
            "\nDr. med. Yilmaz",
        ),
        unsigned=(
            "\nMein Arzt hat dasselbe gesagt.",
            "\nDanke Herr Doktor",
            "\nGehen Sie bald zum Arzt.",
            "\nSandra",
            "",
        ),
    ),
    "ru": Material(
        health=(
            "Когда резко встаю, темнеет в глазах и приходится держаться за стену. Это опасно?",
            "Сыну четыре года, со вчерашнего вечера 39,1, почти ничего не пьёт.",
            "Месяц принимаю эналаприл, и теперь ночами мучает сухой кашель. Может ли быть связь?",
            "За ухом появился маленький твёрдый шарик, не двигается и не беспокоит.",
            "У меня 28 недель, ноги так отекают, что не лезут ни в какую обувь.",
            "Каждый раз после жирного хватает спазм под правым ребром.",
            "Отец забывает, где оставил машину, и трижды за час спрашивает одно и то же. К кому обратиться?",
            "Проснулась утром, половина лица не слушается, веко не закрывается.",
            "Можно ли в один день выпить два разных обезболивающих, если от поясницы первое не помогло?",
            "При беге простреливает с внутренней стороны голени, лёд помогает на час.",
        ),
        replies=(
            "Похоже, ничего страшного, но покажитесь на этой неделе, а если станет хуже, то раньше.",
            "Давайте по глотку каждые десять минут и следите за подгузниками; если вялый, приезжайте.",
            "Да, это известное побочное действие; попросите заменить на сартан.",
            "Отмените и проверьте печёночные пробы, прежде чем начинать что-то другое.",
            "Покой, компрессия и постепенная нагрузка в течение шести недель обычно достаточны.",
            "Немедленно поезжайте в приёмное отделение, до завтра ждать нельзя.",
        ),
        other=(
            "Ноутбук перезагружается каждые десять минут, посоветуйте программу, чтобы почистить.",
            "Какие шины взять на старый фургон, который ездит в основном по горам?",
            "С меня дважды списали за один и тот же билет на поезд, и никто не берёт трубку.",
            "Ищем тихий кемпинг у озера, едем двумя семьями с маленькими детьми.",
            "Как вывести пятно от вина с льняной скатерти, чтобы не испортить цвет?",
            "Хозяин второй раз за год поднимает плату за квартиру, законно ли это?",
            "Что для вас важнее в романе, сюжет или герои?",
            "Зимой тесто совсем не поднимается, добавить дрожжей или подождать дольше?",
        ),
        chat=(
            "Попробуйте другую марку, у меня было так же и прошло.",
            "Напишите им заказное письмо и дайте срок две недели.",
            "Были там прошлым летом, очень понравилось, бронируйте заранее.",
            "Поставьте в духовку с одной лампочкой, всегда получается.",
        ),
        greetings=(
            "Добрый вечер, доктор!",
            "Огромное спасибо за быстрый ответ, Марина Львовна.",
            "Всем приветик, я тут новенькая :)",
            "Спасибо вам большое и хороших выходных!",
            "Пожалуйста, помогите кто-нибудь!!!",
            "Не за что, поправляйтесь скорее.",
            "Доброе утро, надеюсь, у вас всё хорошо.",
            "С наилучшими пожеланиями из Твери.",
        ),
        adverts=(
            "Забудьте о боли в суставах с ФлексоТрав! Закажите сегодня на www.flexotrav-shop.ru со скидкой 40%.",
            "Мучилась годами, пока не помогли травы знахаря Елисея, пишите в WhatsApp +7 901 555-01-47.",
            "Препараты без рецепта, доставка по всей стране, лучшие цены: https://apteka-deshevo.shop !!!",
            "Наша клиника в Новореченске предлагает лазер от 990 руб. Звоните 8 800 555-01-47, записывайтесь.",
            "МИНУС 12 КИЛОГРАММ ЗА 30 ДНЕЙ!!! 100% натурально, гарантия возврата денег, жми stroynost.store",
            "Заработок на дому без вложений, бесплатная регистрация сегодня, телеграм @legkie_dengi",
        ),
        short=("болит?", "помогите", "Почему?", "нога...", "??", "есть новости"),
        brief=(
            "140 на 95 в 30 лет много?",
            "Можно ли молоко с доксициклином?",
            "Швы чешутся через 3 недели, это норма?",
        ),
        mentions=(
            "Купила таблетки на www.apteka-za-rubezhom.com за 20 евро, странно пахнут, это подделка?",
            "В аптеке дали 10% на дженерик. Он правда такой же, как оригинал?",
            "Спрей стоит 4000 руб в месяц, есть ли что-то не хуже, но подешевле?",
        ),
        signed=(
            "\nДоктор Анна Лебедева",
            "\n\nИ. Соколов, врач-терапевт",
            "\n— Павел Громов, кардиолог",
            "\nВрач Никитина",
        ),
        unsigned=("\nМой врач сказал то же самое.", "\nСпасибо доктор", "\nСходите к врачу поскорее.", "\nСандра", ""),
    ),
    "zh": Material(
        health=(
            "我一站起来就眼前发黑，要扶着墙才行，严重吗？",
            "儿子四岁，从昨晚开始一直三十九度，水也不怎么喝。",
            "吃依那普利一个月了，晚上总是干咳，有关系吗？",
            "耳朵后面长了一个小硬块，推不动，也没有不舒服。",
            "我怀了二十八周，脚肿得鞋都穿不进去，正常吗？",
            "每次吃油腻的东西右边肋骨下面就绞着难受。",
            "我爸总忘记车停在哪里，一小时问三遍同样的话，该挂什么科？",
            "今天早上起来半边脸歪了，一只眼睛闭不上。",
            "腰疼吃一种止痛片没用，同一天能再吃另一种吗？",
            "跑步的时候小腿内侧像针扎一样，冰敷能好一个小时。",
        ),
        replies=(
            "看起来问题不大，这周去看一下，如果加重就提前去。",
            "每隔十分钟喂一小口水，注意尿布湿不湿，如果没精神就带过来。",
            "是的，这是常见的副作用，可以换成沙坦类。",
            "先停掉，查一下肝功能，再考虑用别的。",
            "休息、加压，六周内慢慢恢复运动，一般就够了。",
            "请马上去急诊，不能等到明天。",
        ),
        other=(
            "我的笔记本电脑每十分钟就重启一次，有没有好用的清理软件？",
            "一辆主要跑山路的旧面包车，用什么牌子的轮胎好？",
            "同一张火车票被扣了两次钱，客服一直打不通怎么办？",
            "想找一个湖边安静的露营地，我们两家人带小孩去。",
            "亚麻桌布上的红酒渍怎么洗才不会掉色？",
            "房东今年第二次涨房租，这合法吗？",
            "你们觉得一本小说情节重要还是人物重要？",
            "冬天面团总是发不起来，要多放酵母还是多等一会儿？",
        ),
        chat=(
            "换一个牌子试试，我之前也是这样，换了就好了。",
            "给他们写一封挂号信，给两个星期的期限。",
            "我们去年夏天去过，非常喜欢，要早点订位子。",
            "放在烤箱里只开灯，每次都成功。",
        ),
        greetings=(
            "李大夫您好，晚上好！",
            "非常感谢王主任这么快的回复！",
            "大家好，我是新来的，请多关照",
            "万分感谢，祝周末愉快！",
            "有没有人能帮帮我，拜托了！！",
            "不用客气，祝您早日恢复健康。",
            "老师早上好，祝您一切顺利",
            "来自苏州的问候，祝好。",
        ),
        adverts=(
            "告别关节痛，祖传秘方膏药，今日下单立减40%，加微信：gaoyao8866",
            "多年的老毛病终于被张神医的草药治好了，想要的加QQ：555014788",
            "进口药批发，无需处方，全国包邮，最低价，点击 https://yaofang-tejia.shop 购买",
            "我院引进激光设备，仅需99元，预约电话 400-555-0147，名额有限。",
            "三十天瘦十二公斤！！！纯天然，不反弹，无效退款，官网 shouxia.store",
            "在家兼职日赚五百元，免费注册，微信号：qianqian_2020",
        ),
        short=("疼？", "救命", "为什么", "腿", "？？", "有消息吗"),
        brief=("三十岁血压140/95高吗？", "多西环素能和牛奶一起吃吗？", "拆线三周了还痒，正常吗？"),
        mentions=(
            "我在国外网站花20美元买的药片味道很怪，会不会是假的？",
            "药店说仿制药打9折，和原研的效果真的一样吗？",
            "这个喷雾一个月要400元，有没有效果差不多又不那么贵的？",
        ),
        signed=("\n周敏医生", "\n\n副主任医师 陈立", "\n——心内科主任医师赵刚", "\n孙大夫"),
        unsigned=("\n我的医生也是这么说的。", "\n谢谢医生", "\n请尽快去看医生。", "\n小芳", ""),
    ),
    "ar": Material(
        health=(
            "عندما أقف بسرعة تسود الدنيا في عيني وأتمسك بالجدار، هل هذا خطير؟",
            "ابني عمره أربع سنوات وحرارته 39 منذ مساء أمس ولا يشرب شيئا تقريبا.",
            "أتناول إنالابريل منذ شهر والآن عندي سعال جاف في الليل، هل هناك علاقة؟",
            "ظهرت كتلة صغيرة قاسية خلف أذني لا تتحرك ولا تزعجني.",
            "أنا في الأسبوع الثامن والعشرين وقدماي متورمتان حتى لا يدخلهما حذاء.",
            "كلما أكلت شيئا دسما أشعر بمغص تحت الأضلاع من الجهة اليمنى.",
            "أبي ينسى أين أوقف السيارة ويكرر السؤال نفسه ثلاث مرات في الساعة، إلى من نذهب؟",
            "استيقظت اليوم ونصف وجهي مرتخ ولا أستطيع إغلاق جفني.",
            "هل يمكن أخذ مسكنين مختلفين في يوم واحد إذا لم ينفع الأول مع أسفل الظهر؟",
            "عند الجري أحس بوخز داخل الساق، والثلج يريحني ساعة.",
        ),
        replies=(
            "يبدو الأمر بسيطا، لكن اعرضه على مختص هذا الأسبوع، وقبل ذلك إن ازداد سوءا.",
            "أعطه رشفات صغيرة كل عشر دقائق وراقب الحفاضات، وإذا صار خاملا فأحضره.",
            "نعم، هذا أثر جانبي معروف، اطلب استبداله بدواء من مجموعة السارتان.",
            "أوقفه وافحص وظائف الكبد قبل البدء بأي شيء آخر.",
            "الراحة والضغط والعودة التدريجية خلال ستة أسابيع تكفي عادة.",
            "اذهب فورا إلى الطوارئ، لا يصح الانتظار إلى الغد.",
        ),
        other=(
            "حاسوبي يعيد التشغيل كل عشر دقائق، هل تعرفون برنامجا لتنظيفه؟",
            "ما الإطارات المناسبة لشاحنة قديمة تسير غالبا في الجبال؟",
            "خصموا ثمن تذكرة القطار مرتين ولا أحد يجيب على الهاتف.",
            "نبحث عن مخيم هادئ قرب بحيرة، نحن عائلتان مع أطفال صغار.",
            "كيف أزيل بقعة العصير من مفرش الكتان دون إفساد اللون؟",
            "صاحب البيت يريد رفع الإيجار للمرة الثانية هذا العام، هل يحق له ذلك؟",
            "ما الأهم عندكم في الرواية، الأحداث أم الشخصيات؟",
            "العجين لا يختمر في الشتاء، هل أزيد الخميرة أم الوقت؟",
        ),
        chat=(
            "جرب نوعا آخر، حدث معي الأمر نفسه وزال.",
            "اكتب لهم رسالة مسجلة وأعطهم مهلة أسبوعين.",
            "زرناه الصيف الماضي وأعجبنا كثيرا، احجزوا مبكرا.",
            "ضعه في الفرن مع المصباح فقط، ينجح دائما.",
        ),
        greetings=(
            "السلام عليكم دكتور، مساء الخير",
            "شكرا جزيلا على سرعة الرد يا دكتور سامر",
            "مرحبا بالجميع، أنا عضو جديد هنا",
            "ألف شكر لكم وأتمنى لكم نهاية أسبوع سعيدة",
            "هل من أحد يساعدني لو سمحتم؟؟",
            "العفو، سلامتك وشفاك الله",
            "صباح الخير، أتمنى أن تكونوا بخير",
            "تحياتي لكم من حلب",
        ),
        adverts=(
            "ودع آلام المفاصل مع فلكسوعشب! اطلبه اليوم من www.flexoushb-shop.com بخصم 40%",
            "عانيت سنوات حتى شفيت بأعشاب الشيخ مروان، للتواصل واتساب +966 55 550 1478",
            "أدوية رخيصة بدون وصفة، توصيل مجاني، أفضل الأسعار: https://dawaa-rakhis.shop",
            "عيادتنا في الواحة تقدم الليزر من 99 ريال، اتصل بنا على 0555 501 478 واحجز موعدك.",
            "اخسر 12 كيلو في 30 يوما!!! طبيعي 100% مضمون، اضغط على الرابط rashaqa.store",
            "اربح المال من بيتك، سجل اليوم مجانا، تلغرام @ribh_sahl",
        ),
        short=("وجع؟", "ساعدوني", "لماذا؟", "رجلي...", "؟؟", "ما الجديد"),
        brief=("هل 140/95 مرتفع في سن 30؟", "هل يشرب الحليب مع دوكسيسيكلين؟", "الغرز تحكني بعد 3 أسابيع، طبيعي؟"),
        mentions=(
            "اشتريت أقراصا من www.saydaliya-kharij.com بعشرين دولارا ورائحتها غريبة، هل هي مغشوشة؟",
            "الصيدلي أعطاني 10% على البديل، هل هو مثل الأصلي فعلا؟",
            "البخاخ يكلفني 400 ريال في الشهر، هل يوجد ما يعمل مثله وأقل تكلفة؟",
        ),
        signed=("\nد. سلمى حداد", "\n\nالدكتور ياسر نجم", "\n— رامي عوض، استشاري القلب", "\nالطبيبة هدى"),
        unsigned=("\nطبيبي قال الشيء نفسه.", "\nشكرا يا دكتور", "\nراجع الطبيب قريبا.", "\nساندرا", ""),
    ),
}
