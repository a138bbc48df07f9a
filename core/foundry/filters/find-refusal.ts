/**
 * Phrases by which an assistant declines, by language. They count only where a sentence of the answer's beginning starts with them (after a short apology), so
 * "I can't recommend this film enough" or a quoted refusal further down is none.
 */
const declining: readonly string[] = [
  // English
  "(?:i am|i'm) (?:really |very |so )?(?:not able|unable) to (?:help|assist|provide|answer|fulfil|fulfill|comply|create|write|generate|do|discuss|share|continue|access|browse|complete)",
  "i (?:can ?not|can't|could not|couldn't|won't|will not) (?:help|assist|provide|answer|fulfil|fulfill|comply|create|write|generate|do|discuss|share|continue|engage|support|complete|participate|access|browse)(?! (?:but|wonder|noticing|notice))",
  'i (?:must|have to) (?:decline|refuse)',
  "i (?:do not|don't) feel comfortable",
  "(?:i am|i'm) not comfortable (?:with|providing|helping|writing|discussing)",
  "as an? (?:ai|artificial intelligence|language model|ai language model|large language model|ai assistant)(?: (?:developed|created|trained|made|by)[^.,\\n]{0,40})?,? i (?:can ?not|can't|(?:do not|don't) (?:have|possess|provide|engage|feel)|am not (?:able|capable|allowed|designed)|am unable|must)",
  "(?:it is|it's|that is|that's) (?:against|outside) my (?:guidelines|programming|policy|policies|capabilities)",
  'this request (?:violates|goes against)',
  // German
  'ich (?:kann|darf|werde|möchte) (?:dir |ihnen |euch |leider )*(?:dabei|dazu|darauf|damit|hierbei|hiermit|bei diese[rm])\\b[^.!?\\n]{0,60}\\b(?:nicht|keine?n?)\\b',
  'ich (?:kann|darf|werde) (?:das|dies|diese (?:frage|anfrage|bitte)) (?:leider )?nicht (?:beantworten|tun|machen|schreiben|erfüllen)',
  'ich bin nicht in der lage',
  'das kann ich (?:leider )?nicht (?:beantworten|tun|machen|schreiben)',
  'als (?:ki|sprachmodell|ki-sprachmodell|künstliche intelligenz|ki-assistent)[^.\\n]{0,40}(?:kann|darf|habe|bin) ich[^.\\n]{0,20} (?:nicht|kein)',
  // French
  "je ne (?:peux|puis|suis) (?:malheureusement )?pas (?:vous |t'|t’)?(?:aider|fournir|répondre|en mesure|écrire|créer|assister|générer|faire)",
  "en tant qu['’](?:ia|intelligence artificielle|modèle de langage|assistant)[^.\\n]{0,40}je ne (?:peux|puis|suis)",
  // Spanish
  'no (?:puedo|podré) (?:ayudarte|ayudarle|ayudar|proporcionar|responder|escribir|crear|cumplir|asistir|generar)',
  'como (?:modelo de lenguaje|una? ia|inteligencia artificial|asistente)[^.\\n]{0,40}no (?:puedo|tengo)',
  // Portuguese
  'não (?:posso|consigo) (?:ajudar|ajudá-lo|fornecer|responder|escrever|criar|cumprir|auxiliar|gerar)',
  'como (?:um )?(?:modelo de linguagem|uma ia|inteligência artificial)[^.\\n]{0,40}não (?:posso|tenho)',
  // Italian
  'non posso (?:aiutarti|aiutarla|aiutare|fornire|rispondere|scrivere|creare|soddisfare|assistere|generare)',
  '(?:come|in quanto) (?:modello linguistico|ia|intelligenza artificiale)[^.\\n]{0,40}non (?:posso|ho)',
  // Dutch, Swedish, Danish, Norwegian
  'ik kan (?:je |u )?(?:hier|daar|hiermee|daarmee|daarbij|hierbij|dit|dat)\\b[^.\\n]{0,40}\\bniet',
  'jag kan (?:tyvärr )?inte (?:hjälpa|svara|ge|skriva|skapa|tillhandahålla)',
  'jeg kan (?:desværre |dessverre )?(?:ikke|ikkje) (?:hjælpe|hjelpe|svare|give|gi|skrive|oprette)',
  // Polish, Czech, Turkish, Russian, Ukrainian
  'nie mogę (?:ci |panu |pani )?(?:pomóc|odpowiedzieć|napisać|udostępnić|spełnić)',
  'nemohu (?:vám |ti )?(?:pomoci|odpovědět|napsat|poskytnout)',
  '(?:bu konuda |size |sana )*yardımcı olamam',
  '(?:я )?не (?:могу|можу) (?:вам |тебе |вам з цим |с этим )?(?:помочь|ответить|написать|предоставить|допомогти|відповісти|створити|выполнить)',
  // Chinese, Japanese, Korean, Arabic
  '我(?:无法|不能|不会)(?:协助|帮助|提供|回答|满足|生成|完成)',
  '(?:(?:その|この)?(?:ご要望|リクエスト|ご依頼|質問))?(?:に|には|を)?(?:お答え|お手伝い|対応|提供)(?:することは|は)?(?:でき(?:ません|かねます|ない)|致しかね|いたしかね)',
  '(?:도와드릴|답변할|제공할) 수 (?:없|가 없)',
  '(?:لا|لن) (?:أستطيع|يمكنني) (?:مساعدتك|المساعدة|تقديم|الإجابة)',
];

/** What may stand between the beginning of a sentence and the phrase: an apology, a "but", a name. */
const apologies =
  "(?:(?:i'm|i am|we're) (?:so |very |really |truly )?(?:sorry|afraid)|sorry|apologies|my apologies|i apologi[sz]e|unfortunately|regrettably|es tut mir leid|tut mir leid|leider|entschuldigung|désolée?|je suis désolée?|malheureusement|lo siento|lamentablemente|desculpe|sinto muito|lamento|infelizmente|mi dispiace|purtroppo|het spijt me|helaas|jag är ledsen|tyvärr|beklager|undskyld|przykro mi|przepraszam|niestety|je mi líto|omlouvám se|bohužel|üzgünüm|maalesef|извините|к сожалению|мне жаль|вибачте|на жаль|对不起|很抱歉|抱歉|申し訳ありませんが|申し訳ございませんが|すみませんが|죄송합니다만|죄송하지만|죄송합니다|عذراً|عذرا|آسف)";
const joints = '(?:[\\s,.;:!—–、，-]|but|aber|mais|pero|mas|ma|maar|men|но|但|but that|that)*';

const beginsWithRefusal = new RegExp(`^["'“„«*\\s]*(?:${apologies}${joints}){0,2}(?:${declining.join('|')})`, 'iu');
/** A refusal stands at the beginning; what is declined further down is a part of an answer. */
const [readCharacters, readSentences] = [400, 2];
const sentenceEnd = /(?<=[.!?。！？])\s+|\n+|(?<=[。！？])/u;
/** An answer that goes on this long after declining one part has answered. */
const longestRefusal = 1_200;

/**
 * Whether an answer declines to answer: one of its first two sentences begins with a refusal, in 17 languages, and it does not go on at length after it.
 * By phrases, so it tells how an answer begins and not whether it should have declined.
 */
export function isRefusal(answer: string): boolean {
  const text = answer.trimStart();
  if (text === '' || text.length > longestRefusal) return false;
  const sentences = text
    .slice(0, readCharacters)
    .replaceAll('’', "'")
    .split(sentenceEnd)
    .filter((sentence) => sentence.trim() !== '');
  return sentences.slice(0, readSentences).some((sentence) => beginsWithRefusal.test(sentence));
}
