"""How people speak of what is sensitive: patterns, one a line, and sentences that mean the same.

In patterns PARTNER, CHILD and HIT stand for the words below; what stands between never crosses a full stop.

Sans-IO.
"""

from collections.abc import Mapping

from field_assist.concierge.topics import Topic

_STAND_FOR = {
    "PARTNER": (
        "(?:夫|旦那|だんな|主人|妻|嫁|彼氏|彼女|彼が|パートナー|つれあい|同居|元カレ|交際相手"
        "|husband|boyfriend|wife|partner)"
    ),
    "CHILD": "(?:子ども|子供|こども|赤ちゃん|娘|息子|小さい子|幼い|わが子|隣の家|となりの家|生徒|kid|child)",
    "HIT": (
        "(?:殴|なぐ|蹴|叩か|叩く|叩い|たたか|たたく|たたい|ぶたれ|手を(?:上|あ)げ|暴力|暴れ|首を(?:絞|し)め"
        "|怒鳴|どなる|どなら|脅|hit|beat)"
    ),
    "YOUNG": "(?:1[0-7]歳|中学|高校|未成年|十代|10代)",
    "EXPECTING": "(?:妊娠|生理が|おなかに|赤ちゃんが|陽性)",
}

_PATTERNS: Mapping[Topic, str] = {
    Topic.LIFE: """
        死にたい|しにたい|死のう|死んでしま(?:い|え)たい|死んだ(?:方|ほう)が|死んでもいい
        消えたい|消えてしまいたい|いなくなりたい|自殺|自死|リストカット|自分を傷つけ|飛び降り|遺書|命を絶|首を(?:吊|つ)
        (?:生きる|生きて|生き続)[^。]{0,14}(?:つら|辛|しんど|疲れ|意味が?(?:な|わか)|価値が?な|いや|嫌|たくな|やめ)
        (?:何もかも|全部|すべて|人生を?)[^。]{0,6}(?:終わりに|終わらせ)
        もう限界[^。]{0,12}(?:生き|いのち|命)
        suicid|kill myself|want to die|end my life
    """,
    Topic.VIOLENCE: """
        (?<![a-z])DV(?![a-z])|家庭内暴力|ドメスティック|殴られ|なぐられ|蹴られ
        PARTNER[^。]{0,30}HIT
        HIT[^。]{0,20}PARTNER
        PARTNER[^。]{0,12}(?:こわい|怖い|怖くて|逃げたい|逃げて)
        domestic violence|hits me|beats me
    """,
    Topic.CHILD: """
        虐待|ネグレクト|child abuse
        CHILD[^。]{0,24}(?:殴|叩い|叩く|たたい|たたく|ぶって|蹴っ|あざ|アザ|泣き叫|悲鳴|怒鳴)
        (?:怒鳴り声|叩く音|泣き叫|悲鳴)[^。]{0,24}CHILD
        手を(?:上|あ)げてしま|叩いてしま|たたいてしま
    """,
    Topic.ABUSE: """
        (?:高齢者|障害者|年寄り|施設|介護)[^。]{0,10}虐待
        (?:親|母|父|利用者)を[^。]{0,8}(?:叩い|殴っ|たたい)
    """,
    Topic.SEXUAL: """
        性暴力|性被害|性的な?(?:被害|虐待|暴行)|レイプ|強姦|痴漢|盗撮|体を触られ
        (?:無理やり|むりやり)[^。]{0,12}(?:され|触)
        (?<![a-z])raped?(?![a-z])|sexual assault
    """,
    Topic.CRIME: """
        犯罪[^。]{0,3}被害|事件[^。]{0,6}被害|通り魔|刺され|襲われ|ストーカー|つきまと(?:い|わ)|強盗に|ひき逃げ|殺され
        (?:家族|夫|妻|子|親|兄|弟|姉|妹)[^。]{0,6}を?殺
        stalk
    """,
    Topic.PREGNANCY: """
        YOUNG.{0,40}EXPECTING
        EXPECTING.{0,40}(?:YOUNG|親に言え|(?:だれ|誰)にも言え)
        (?:予期|望ま)[^。]{0,4}ない妊娠|堕ろ|中絶
    """,
    Topic.ADDICTION: """
        依存症|アルコール依存|酒を?が?やめられ|ギャンブル|パチンコ[^。]{0,10}やめ|薬物|覚醒剤|覚せい剤|大麻
    """,
    Topic.DEBT: """
        借金|多重債務|サラ金|ヤミ金|闇金|取り立て|自己破産|債務整理|カードローン
    """,
    Topic.WELFARE: """
        生活保護|ナマポ
    """,
}


def _whole(lines: str) -> str:
    for name, words in _STAND_FOR.items():
        lines = lines.replace(name, words)
    return "|".join(line.strip() for line in lines.strip().splitlines())


PATTERNS: Mapping[Topic, str] = {topic: _whole(lines) for topic, lines in _PATTERNS.items()}
"""Regular expressions over NFKC text, cases alike."""

_SENTENCES: Mapping[Topic, str] = {
    Topic.LIFE: """
        死にたい
        消えてしまいたい
        生きているのがつらい
        もう生きていたくない
        自分なんていないほうがいい
        楽になりたい、もう疲れた
        人生を終わりにしたい
        生きる意味がわからない
        友だちが死にたいと言っている
        I want to die
    """,
    Topic.VIOLENCE: """
        夫に殴られる
        彼に暴力をふるわれている
        パートナーが怖くて家に帰れない
        妻に物を投げられる
        夫から逃げたい
        旦那が生活費をくれず怒鳴る
        家で暴力を受けている
        おっとに たたかれます
        My husband hits me
    """,
    Topic.CHILD: """
        子どもを叩いてしまう
        近所の子どもが虐待されているかもしれない
        隣の家から子どもの悲鳴が聞こえる
        子どもの体にあざがある
        食事をもらえていない子がいる
        イライラして赤ちゃんに手を上げそう
        親に叩かれて家に帰りたくない
    """,
    Topic.ABUSE: """
        施設で母が乱暴に扱われている
        介護に疲れて親を叩いてしまった
        高齢者が家族に虐待されている
    """,
    Topic.SEXUAL: """
        性的な被害を受けた
        無理やり体を触られた
        望まない性行為をされた
        レイプされた
        職場で体を触られた
    """,
    Topic.CRIME: """
        犯罪の被害にあった
        家族が事件で亡くなった
        知らない人につきまとわれている
        元交際相手に待ち伏せされる
        暴行を受けてけがをした
    """,
    Topic.PREGNANCY: """
        高校生だけど妊娠したかもしれない
        妊娠したが誰にも言えない
        望まない妊娠をした
        産むか迷っていて相談できる人がいない
    """,
}
SENTENCES: Mapping[Topic, tuple[str, ...]] = {
    topic: tuple(line.strip() for line in lines.strip().splitlines()) for topic, lines in _SENTENCES.items()
}
"""What people say of grave topics, in words that the patterns may not know."""
