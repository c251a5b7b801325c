"""Who takes part in the demo: one company, so the same teams meet in every challenge."""

PEOPLE = {
    "misaki.sato": "佐藤 美咲",
    "kenta.ito": "伊藤 健太",
    "yui.tanaka": "田中 結衣",
    "daichi.mori": "森 大地",
    "haruka.abe": "阿部 遥",
    "sota.kimura": "木村 颯太",
    "rin.hayashi": "林 凛",
    "takumi.ono": "小野 匠",
    "akari.fujii": "藤井 あかり",
    "naoki.ueda": "上田 直樹",
    "mei.okada": "岡田 芽衣",
    "ryo.nishi": "西 涼",
    "emma.clarke": "Emma Clarke",
    "tom.weaver": "Tom Weaver",
    "priya.nair": "Priya Nair",
    "lukas.brandt": "Lukas Brandt",
    "chen.wei": "陳 偉",
    "ana.souza": "Ana Souza",
}

MEMBERS = {
    "朝顔ラボ": ("misaki.sato", "kenta.ito"),
    "Quiet Gradients": ("emma.clarke", "tom.weaver"),
    "解析第二課": ("yui.tanaka", "daichi.mori", "haruka.abe"),
    "Bayes & Sons": ("priya.nair",),
    "定時退社": ("sota.kimura",),
    "The Last Decimal": ("lukas.brandt", "ana.souza"),
    "ねこの手": ("rin.hayashi", "takumi.ono"),
    "新人研修A班": ("akari.fujii", "naoki.ueda", "mei.okada"),
    "夜更かし組": ("ryo.nishi",),
    "Overfit Anonymous": ("chen.wei",),
}
