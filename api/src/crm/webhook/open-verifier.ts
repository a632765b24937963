import type { KeyObject } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import type { JwtBody, PublicKeyBody, StandardWebhooksBody, VerifyBody } from '../manifest/schema/webhook-verify.ts';
import { isRefusal, type Verifier } from './delivery.ts';
import { decodePublicKeys, type PublicKeyAlgorithm, type PublicKeyWriting } from './public-key.ts';
import { standardWebhooks, toSignatureScheme } from './scheme.ts';
import { decodeKey, type KeyWriting, type NamedKey } from './signing-key.ts';
import { createJwtVerifier } from './verify-jwt.ts';
import { checkByHmac, checkByPublicKey, createSignatureVerifier, type SignatureCheck } from './verify-signature.ts';
import { createWeakVerifier } from './verify-weak.ts';

export interface SecretSettings {
  readonly sourceId: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Further values of a secret that is being changed, beside the one in `settings`. */
  readonly furtherSecrets: Readonly<Record<string, readonly string[]>>;
}

interface NamedText {
  readonly name: string;
  /** What an admin sees of it: the setting, and which of its values. */
  readonly label: string;
  readonly text: string;
}

/** Those of the settings that hold something. Several while a secret is being changed. */
const given = (names: string | readonly string[], { settings, furtherSecrets }: SecretSettings): readonly NamedText[] =>
  [names]
    .flat()
    .flatMap((name) =>
      [settings.get(name) ?? '', ...(furtherSecrets[name] ?? [])].flatMap((text, position) =>
        text === '' ? [] : [{ name, label: position === 0 ? name : `${name} (${position + 1})`, text }],
      ),
    );

/** A secret that is no secret would refuse every delivery without a word: better to say it when the source is opened. */
const invalid = ({ sourceId }: SecretSettings, name: string, wanted: string): AppError =>
  new AppError('source.settings_invalid', { source: sourceId, problem: `“${name}” is not ${wanted}` });

const keysOf = (texts: readonly NamedText[], writing: KeyWriting, secrets: SecretSettings): readonly NamedKey<Buffer>[] =>
  texts.map(({ name, label, text }) => {
    const key = decodeKey(text, writing);
    if (key === null) throw invalid(secrets, name, `a signing secret of the kind ${writing}`);
    return { label, key };
  });

const publicKeysOf = (
  texts: readonly NamedText[],
  writing: PublicKeyWriting,
  algorithm: PublicKeyAlgorithm,
  secrets: SecretSettings,
): readonly NamedKey<KeyObject>[] =>
  texts.flatMap(({ name, label, text }) => {
    const keys = decodePublicKeys(text, writing, algorithm);
    if (keys === null) throw invalid(secrets, name, `a public key for ${algorithm}, written as ${writing}`);
    return keys.map((key) => ({ label, key }));
  });

const anyOf =
  (verifiers: readonly Verifier[]): Verifier =>
  (delivery, nowMs) => {
    const results = verifiers.map((verify) => verify(delivery, nowMs));
    return results.find((result) => !isRefusal(result)) ?? results.find((result) => result !== 'noSecret') ?? 'noSecret';
  };

const isPublicKey = ({ text }: NamedText): boolean => text.startsWith('whpk_');

const openStandardWebhooks = (verify: StandardWebhooksBody, secrets: SecretSettings): Verifier => {
  const all = given(verify.secret, secrets);
  const shared = all.filter((secret) => !isPublicKey(secret));
  const published = all.filter(isPublicKey);
  const byHmac = checkByHmac('sha256', keysOf(shared, 'whsec', secrets));
  const byKey = checkByPublicKey('ed25519', publicKeysOf(published, 'whpk', 'ed25519', secrets));
  return anyOf([
    createSignatureVerifier(toSignatureScheme(standardWebhooks(verify, 'v1')), byHmac),
    createSignatureVerifier(toSignatureScheme(standardWebhooks(verify, 'v1a')), byKey),
  ]);
};

const openPublicKey = (verify: PublicKeyBody, secrets: SecretSettings): Verifier => {
  const keys = publicKeysOf(given(verify.key, secrets), verify.written ?? 'pem', verify.alg, secrets);
  return createSignatureVerifier(toSignatureScheme(verify), checkByPublicKey(verify.alg, keys));
};

const jwtHashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;
const jwtAlgorithms = { RS256: 'rsa-sha256', ES256: 'ecdsa-p256', EdDSA: 'ed25519' } as const;

const jwtCheck = ({ alg, secret, written }: JwtBody, secrets: SecretSettings): SignatureCheck => {
  if (alg === 'RS256' || alg === 'ES256' || alg === 'EdDSA') {
    const writing = written === 'utf8' || written === undefined ? 'pem' : written;
    return checkByPublicKey(jwtAlgorithms[alg], publicKeysOf(given(secret, secrets), writing, jwtAlgorithms[alg], secrets), 'ieee-p1363');
  }
  const writing = written === 'base64' || written === 'hex' ? written : 'utf8';
  return checkByHmac(jwtHashes[alg], keysOf(given(secret, secrets), writing, secrets));
};

/** What the manifest declares, with the admin's secrets. Throws `source.settings_invalid`. Without a secret it refuses everything. */
export const openVerifier = (verify: VerifyBody, secrets: SecretSettings): Verifier => {
  switch (verify.kind) {
    case 'standardWebhooks':
      return openStandardWebhooks(verify, secrets);
    case 'hmac':
      return createSignatureVerifier(
        toSignatureScheme(verify),
        checkByHmac(verify.alg, keysOf(given(verify.secret, secrets), verify.key ?? 'utf8', secrets)),
      );
    case 'publicKey':
      return openPublicKey(verify, secrets);
    case 'jwt':
      return createJwtVerifier(verify, jwtCheck(verify, secrets));
    case 'basic': {
      const user = secrets.settings.get(verify.user) ?? '';
      const passwords = user === '' ? [] : given(verify.secret, secrets);
      return createWeakVerifier(
        verify,
        passwords.map(({ label, text }) => ({ label, key: `${user}:${text}` })),
      );
    }
    case 'header':
    case 'bodyField':
    case 'pathToken':
      return createWeakVerifier(
        verify,
        given(verify.secret, secrets).map(({ label, text }) => ({ label, key: text })),
      );
  }
};
