"""Words by which a text gives away that it speaks to software. A star stands for any ending."""

OVERRIDE_VERBS = """
ignore|ignoring|disregard|forget|override|overrule|bypass|set aside|leave aside|pay no heed to|throw away|discard|abandon|
stop following|do not follow|don't follow|stop obeying|drop your|let go of your
"""
OVERRIDDEN = """
instruction*|prompt|prompts|system message|directive*|guideline*|the above|everything above|all above|above directions|
your directions|previous directions|your rules|previous rules|prior rules|the rules above|your programming|your training|
your orders|your task|your policy|your policies|told before this|your guardrails
"""
NO_LONGER = "cancelled|canceled|no longer apply|void|revoked|suspended|replaced by|out of force|do not apply"
YOUR_RULES = "instructions|instruction|guidelines|directives|prompt|system prompt"

ROLES = """
you are now|you're now|you are no longer|from now on you|act as|act like|pretend|roleplay|role play|role-play|imagine you|
simulate|enter|stay in character|switch to|behave as
"""
PLAYED = """
assistant|chatbot|scoring bot|good bot|gpt|*gpt|dan|unrestricted|unfiltered|without limits|without rules|no rules|no limits|
developer mode|debug mode|god mode|jailbr*|an ai|the ai|language model|uncensored|scoring system|scoring engine|the classifier
"""

READERS = """
ai reading|ai that reads|ais reading|ai readers|ai reader|ai that is reading|if you are an ai|if you're an ai|if you are a bot|
if you are a language model|if you are an llm|dear ai|dear model|dear language model|dear llm|dear assistant|dear bot|dear gpt|
dear chatgpt|dear claude|dear gemini|dear machine|dear summarizer|hey ai|hey chatgpt|hello ai|hi chatgpt|attention ai|
attention llm|attention bots|note to ai|note to the ai|note to language models|note to llms|note to the model|note to the bot|
note to bots|to the ai|to any ai|to all ais|to the language model|to all language models|message to the ai|as an ai you|
as an ai, you|as a language model you|as an ai model|you are an ai|you are a language model|automated reader|
message to the assistant|the assistant must|assistant must|assistant should|your system prompt|your hidden prompt|your prompt|
review for language models|llms reading|bots reading|machine reading this|summarizers should
"""
MACHINES = """
language model|language models|llm|llms|summarizer|summarizers|classifier|scoring bot|scoring system
"""
MUST = "must|has to|have to|should|shall|is required|are required|please|is to|are to|needs to|need to|will now"

COMMANDS = """
set|give|mark|return|output|answer|respond|reply|print|write|report|include|insert|append|add|put|say|tag|label|cite|score|
classify|leave|keep|omit|do not return|don't return|repeat|use
"""
ANSWERED = """
json|yaml|xml|sentiment|enthusiasm|spam false|spam true|spam to|spam as|the summary|your summary|in the digest|the digest|
every other document|other documents|this request|all requests|doc_id|about_title|vibe_tags|vibe_score|vibe score|
primary genre|the tags|extra field|this answer|in your answer|your answer|in your response|your response|your output|the schema
"""

SCHEMA_NAMES = """
vibe_score|vibe_tags|about_title|doc_ids|doc_id|too_little|primary_genre|secondary_genre|document_score|title_digest
"""

# Other languages: forgetting and what is forgotten, in either order; machines without rules; machines that are spoken to.
FOREIGN_VERBS = """
ignora|ignorad|ignoren|ignore|olvida|olviden|oublie|oubliez|ignorez|ignoriere|ignorieren|vergiss|vergesst|ignorate|dimentica|
dimenticate|esqueça|esqueçam|negeer|vergeet|zignoruj|zignorujcie|zapomnij|игнорируй|игнорируйте|забудь|забудьте|yok say|unut|
忽略|忘记|忘掉|无视|無視|忘れ|무시|잊|تجاهل|انس|انسى|अनदेखा|भूल
"""
FOREIGN_OBJECTS = """
instruccion*|instrucciones|instructions|consignes|anweisung*|istruzion*|instruções|instrucoes|instructies|instrukcj*|
инструкци*|указани*|talimat*|istemi|指令|提示词|指示|プロンプト|지시|프롬프트|التعليمات|تعليمات|الموجه|निर्देश|प्रॉम्प्ट|
prompt|prompten|promptu|prompcie|промпт*
"""
FOREIGN_MACHINES = """
asistente|assistant|assistent|assistente|asystent*|ассистент*|asistan*|助手|アシスタント|어시스턴트|مساعد|सहायक
"""
WITHOUT_RULES = """
sin reglas|sin límites|sans règles|sans règle|sans limites|ohne regeln|ohne grenzen|senza regole|senza limiti|sem regras|
zonder regels|bez zasad|без правил|kuralsız|没有规则|ルールのない|규칙 없는|بلا قواعد|बिना नियमों
"""
FOREIGN_READERS = """
querida ia|estimada ia|chère ia|liebe ki|cara ia|beste ai|droga si|дорогой ии|sevgili yapay zeka|亲爱的人工智能|aiへ|
친애하는 인공지능|عزيزي الذكاء الاصطناعي|प्रिय एआई
"""

GROUPS = {
    "override": OVERRIDE_VERBS,
    "overridden": OVERRIDDEN,
    "no_longer": NO_LONGER,
    "your_rules": YOUR_RULES,
    "role": ROLES,
    "played": PLAYED,
    "reader": f"{READERS}|{FOREIGN_READERS}",
    "machine": MACHINES,
    "must": MUST,
    "command": COMMANDS,
    "answered": ANSWERED,
    "schema_name": SCHEMA_NAMES,
    "foreign_override": FOREIGN_VERBS,
    "foreign_overridden": FOREIGN_OBJECTS,
    "foreign_machine": FOREIGN_MACHINES,
    "without_rules": WITHOUT_RULES,
}
