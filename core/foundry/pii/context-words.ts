/** Words before a number that say what it is, in the languages of the labelled set. They only decide where the number itself leaves it open. */
const phoneWords =
  'tel(?:e(?:fo(?:n[oe]?|on)|phone)|[ée]fono|[ée]phone)?|phone|call(?:ed|ing)?|mobile?|cell(?:phone)?|fax|whatsapp|signal|sms|text(?:ed)?(?: me)?|ring|dial|' +
  'hotline|reach me|handy|mobil(?:nummer|tel)?|ruf(?:nummer)?|durchwahl|appel\\p{L}*|portable|num[ée]ro|llam\\p{L}*|m[óo]vil|cellulare|celular|' +
  'chiam\\p{L}*|ligue|telem[óo]vel|bel(?:len)?|телефон\\p{L}*|звон\\p{L}*';
const phoneWordsWithoutSpaces = '電話|携帯|电话|手机|联系|전화';
const phoneBefore = new RegExp(`(?:(?<!\\p{L})(?:${phoneWords})|${phoneWordsWithoutSpaces})[^\\d\\n]{0,20}$`, 'iu');

const thingWords =
  'orders?|invoice|ref(?:erence)?|ticket|case|claim|tracking|shipment|parcel|part|item|sku|is[bs]n|ean|gtin|upc|article|serial|imei|build|transaction|' +
  'booking|session|request|message|trace|batch|lot|asset|device|product|model|customer|member|bestell\\p{L}*|auftrag\\p{L}*|rechnung\\p{L}*|artikel\\p{L}*|' +
  'vorgang\\p{L}*|sendung\\p{L}*|art|commande|facture|colis|dossier|pedido|factura|env[íi]o|ordine|fattura|encomenda|fatura|bestelling|factuur';
const numberWords = 'ids?|no|nr|num|number|code|nummer|num[ée]ro|n[°º]|n[úu]mero|numero';
const thingBefore = new RegExp(
  `(?:(?<!\\p{L})(?:(?:${thingWords})[\\s\\-.:#_]*(?:${numberWords})?|ids?)|注文番?号?|订单号?|番号|编号)[\\s:#=."'(№：は-]{0,4}(?:(?:is|was|ist|est|es|è)\\s)?$`,
  'iu',
);
const versionBefore =
  /(?:(?<!\p{L})(?:v|ver|version|release|build|firmware|section|chapter|clause|rev|revision|kapitel|abschnitt|oid|driver|treiber|kernel)[\s.:=-]{0,3}|§\s?|[=~><]=\s?|\^)$/iu;
const socialSecurityBefore = /(?<!\p{L})(?:ssn|soc(?:ial)?[\s.-]*sec(?:urity)?|social|ss)(?!\p{L})[^\d\n]{0,24}$/iu;
const cardBefore =
  /(?:カード|卡号?|(?<!\p{L})(?:visa|master-?card|amex|american express|discover|diners|card|karte\p{L}*|kreditkarte\p{L}*|carte|tarjeta|carta|cart[ãa]o|pan|credit|debit)(?!\p{L}))[^\d\n]{0,30}$/iu;

const reach = 48;

function isBefore(words: RegExp, text: string, start: number): boolean {
  return words.test(text.slice(Math.max(0, start - reach), start));
}

/** What stands right before a number. */
export const saysPhone = (text: string, start: number): boolean => isBefore(phoneBefore, text, start);
/** An order, an invoice, an article, an id: a number of a thing. */
export const saysThing = (text: string, start: number): boolean => isBefore(thingBefore, text, start);
export const saysVersion = (text: string, start: number): boolean => isBefore(versionBefore, text, start);
export const saysSocialSecurity = (text: string, start: number): boolean => isBefore(socialSecurityBefore, text, start);
export const saysCard = (text: string, start: number): boolean => isBefore(cardBefore, text, start);

/** `DE89 `: the beginning of a bank account. Where the account did not pass its check its groups are neither a card nor a phone number. */
export const followsIbanHead = (text: string, start: number): boolean =>
  /[A-Z]{2}\d{2} $/.test(text.slice(Math.max(0, start - 5), start));
