import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { errorRegistry, ForgeError, type ErrorCode, type ErrorDefinition } from '#contract/errors.ts';
import { forgeErrorDataOf } from '#contract/client.ts';
import { say as english, sentenceRegistry } from '#contract/sentences.ts';
import { placesOf } from '#contract/sentences/define-sentences.ts';
import { setLanguage } from '../language.ts';
import { germanErrors } from './german-errors.ts';
import { germanSentences } from './german-sentences.ts';
import { germanSpeaker } from './german-speaker.ts';

const { say, failure } = germanSpeaker;
const sorted = (text: string): string => placesOf(text).toSorted().join(' ');
const saidOf = (...error: ConstructorParameters<typeof ForgeError>) =>
  failure(forgeErrorDataOf(new ForgeError(...error), null));

beforeEach(() => setLanguage('de'));
afterEach(() => setLanguage('en'));

test('every error says the same values in both languages', () => {
  const definitions: [string, ErrorDefinition][] = Object.entries(errorRegistry);
  const odd = definitions.filter(([code, { message, remedy, windowRemedy }]) => {
    const [messageDe, remedyDe] = germanErrors[code as ErrorCode];
    return sorted(message) !== sorted(messageDe) || sorted(windowRemedy ?? remedy) !== sorted(remedyDe);
  });
  assert.deepEqual(
    odd.map(([code]) => code),
    [],
  );
});

test('every sentence says the same values in both languages', () => {
  const keys = Object.keys(sentenceRegistry) as (keyof typeof sentenceRegistry)[];
  assert.deepEqual(
    keys.filter((key) => sorted(sentenceRegistry[key]) !== sorted(germanSentences[key])),
    [],
  );
});

test('no German sentence addresses a person with du or Sie, shouts, or speaks of forge commands that the window has', () => {
  const texts = [...Object.values(germanErrors).flat(), ...Object.values(germanSentences)];
  assert.deepEqual(
    texts.filter((text) =>
      /\b(du|dein\w*|Ihnen)\b|\bSie (können|müssen|sollten)\b|!|`forge (train|export|secrets|models|base|env|server)\b/.test(
        text,
      ),
    ),
    [],
  );
});

test('a verdict is said with German figures', () => {
  assert.equal(
    say('Better by 4.5 points (0.52 to 8.1): 61 -> 65 of 100, on 80 rows in 1 group.'),
    'Besser um 4,5 Punkte (0,52 bis 8,1): 61 -> 65 von 100, bei 80 Zeilen in 1 Gruppe.',
  );
});

test('sentences inside sentences, lists and several sentences are all said', () => {
  assert.equal(
    say(
      english('dataset.rejected', {
        rejected: 12_345,
        seen: 20_000,
        reasons: '12000 without an answer, 345 that are not valid JSON',
      }),
    ),
    '12.345 von 20.000 Datensätzen wurden aussortiert: 12.000 ohne Antwort, 345 ohne gültiges JSON.',
  );
  assert.equal(
    say('3 rows of 2 files in /data/a b. Left out: 1 record of x.csv; 1 other file.'),
    '3 Zeilen aus 2 Dateien in /data/a b. Ausgelassen: 1 Datensatz aus x.csv; 1 andere Datei.',
  );
});

test('a failure takes its values, and what Forge said in them, in German; names and foreign words stay', () => {
  assert.deepEqual(
    saidOf('job.failed', {
      name: 'Train support v3',
      reason: 'Memory ran out at step 12, and every smaller setting was tried',
      hint: 'Choose a smaller base model, or close other programs and resume the run',
    }),
    {
      message:
        'Training von support v3 ist gescheitert: Bei Schritt 12 ging der Speicher aus, und jede kleinere Einstellung wurde versucht.',
      remedy: 'Ein kleineres Basismodell wählen oder andere Programme schließen und den Lauf fortsetzen.',
    },
  );
  assert.equal(
    saidOf('provider.down', { provider: 'Acme', reason: 'Upstream overloaded' }).message,
    'Acme antwortet nicht: Upstream overloaded.',
  );
  assert.equal(saidOf('dataset.not-found', { path: 'running' }).message, 'Unter running liegt keine Datei.');
});

test('a failure whose values are hidden, or whose code is not known, is said by its sentence', () => {
  const hidden = { ...forgeErrorDataOf(new ForgeError('provider.down', { provider: 'A', reason: 'no answer' }), null) };
  assert.equal(failure({ ...hidden, detail: {} }).message, 'A antwortet nicht: keine Antwort.');
  const other = { code: 'new.code', message: 'Something new.', remedy: 'Try it.', detail: {} };
  assert.deepEqual(failure(other), { message: 'Something new.', remedy: 'Try it.' });
});

test('sizes inside values follow the language', () => {
  assert.match(
    saidOf('environment.disk-full', { path: '/x', needed: '5.0 GB', free: '640 MB' }).message,
    /Etwa 5,0 GB werden gebraucht, 640 MB sind frei/,
  );
});
