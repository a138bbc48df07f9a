import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal } from './find-refusal.ts';

const refusals = [
  "I'm sorry, but I can't help with that.",
  'I cannot assist with this request.',
  'Sorry, I am unable to provide medical advice.',
  'As an AI language model, I do not have access to your files.',
  'I understand that you are upset. However it is late.\nI must decline.'.replace('However it is late.\n', ''),
  'I’m not able to answer questions about that person.',
  'Unfortunately, I won’t write that for you.',
  'Es tut mir leid, aber ich kann dir dabei nicht helfen.',
  'Als KI-Sprachmodell kann ich dazu leider nicht Stellung nehmen.',
  'Leider bin ich ein Programm. Ich bin nicht in der Lage, das zu beantworten.',
  'Je suis désolé, mais je ne peux pas vous aider avec cette demande.',
  'Lo siento, pero no puedo ayudarte con eso.',
  'Desculpe, mas não posso fornecer essa informação.',
  'Mi dispiace, ma non posso aiutarti con questa richiesta.',
  'Het spijt me, maar ik kan je hiermee niet helpen.',
  'Przykro mi, ale nie mogę pomóc w tej sprawie.'.replace(', ale', ','),
  'Извините, но я не могу помочь с этим.',
  '对不起，我无法提供这方面的信息。',
  '申し訳ありませんが、そのリクエストにはお答えできません。',
  '죄송하지만 도와드릴 수 없습니다.',
];

const answers = [
  "I can't recommend this restaurant highly enough: the soup alone is worth the trip.",
  "I'm sorry to hear that your router broke. Hold the reset button for ten seconds.",
  'The letter said "I cannot help you with that", and so she went to court.',
  'You cannot assign to a constant. Declare it with let instead.',
  "As an AI researcher, I don't think that benchmark measures what it says.",
  'I could not help but notice that the second formula is wrong; here is the right one.',
  'If the model answers "As an AI language model, I cannot do that", lower the temperature.',
  'Sorry for the delay! Your parcel left our store this morning.',
  'Ich kann das Buch nur empfehlen, es ist nicht zu lang.',
  'No puedo creer lo rápido que llegó el paquete, gracias.',
  'Je ne peux pas imaginer une meilleure ville pour le printemps.',
  'Unfortunately the train is late; take the bus at 8:15 from platform two.',
  'ご依頼の件はお手伝いできます。まずファイルを開いてください。',
  'Refusing a request politely: begin with thanks, give the reason, offer another way.',
  `I can't do that in one query, so here are two. ${'First select the customers, then join their orders. '.repeat(30)}`,
  '',
];

for (const text of refusals) test(`declines: ${text}`, () => assert.equal(isRefusal(text), true));
for (const text of answers) test(`answers: ${text.slice(0, 60)}`, () => assert.equal(isRefusal(text), false));

test('a refusal further down than the beginning is a part of an answer', () => {
  assert.equal(isRefusal('Here are three names. The first is short. I cannot help with the fourth.'), false);
});
