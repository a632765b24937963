/** Digits that stand in the templates for a record's own number, and for its company's. */
export const ownDigits = '0000000';
export const companyDigits = '9999999';
/** All numbers have seven digits. */
export const firstNumber = 1_000_001;

const stamps = { created_at: '2026-01-10T09:30:00.000Z', updated_at: '2026-03-05T14:12:33.120Z', deleted_at: null };

/** From then on nothing has changed. */
export const lastChange = stamps.updated_at;

const places = [
  { street: 'Königsallee 104, Hinterhaus', city: 'Düsseldorf', region: 'Nordrhein-Westfalen', postal_code: '40215', country: 'Germany' },
  { street: 'Völklinger Straße 9', city: 'Saarbrücken', region: 'Saarland', postal_code: '66117', country: 'Germany' },
  { street: 'Höhenstraße 71', city: 'Zürich', region: 'Zürich', postal_code: '8008', country: 'Switzerland' },
  { street: 'Mühlgässchen 3/12', city: 'Mödling', region: 'Niederösterreich', postal_code: '2340', country: 'Austria' },
] as const;

const names = ['Jürgen Größner', 'Käthe Müller-Lüdenscheidt', 'Björn Schäfer', 'Anneliese Köhler'] as const;

const description =
  'Betreut die Großkunden im süddeutschen Raum; wünscht Rückruf nur vormittags. Verträge über Zubehör laufen über die Zentrale in Nürnberg, ' +
  'Rückfragen zur Buchführung bitte schriftlich an die Prüfstelle. Früher für Österreich und die Schweiz zuständig, spricht fließend ' +
  'Französisch und Dänisch. Für Lieferungen gilt die Anschrift des Außenlagers; größere Aufträge müssen vorher bestätigt werden. Zuletzt besucht in München.';

/** People of about 1.1 KB and 20 fields, as JSON with slots for their number. */
export const personKinds: readonly string[] = places.map((place, index) =>
  JSON.stringify({
    id: `#${ownDigits}#`,
    company_id: `C${companyDigits}`,
    full_name: names[index],
    title: 'Leiter Qualitätssicherung und Kundenbetreuung',
    email: `person.${ownDigits}@kunde.example`,
    phone: `+49 211 ${ownDigits}`,
    mobile: `+49 171 ${ownDigits}`,
    ...place,
    salutation: 'Sehr geehrte Damen und Herren',
    department: 'Außendienst / Vertrieb Süd',
    language: 'de-DE',
    newsletter: index % 2 === 0,
    description,
    ...stamps,
  }).replace(`"#${ownDigits}#"`, ownDigits),
);

/** Companies of about 0.5 KB. */
export const companyKinds: readonly string[] = places.map((place, index) =>
  JSON.stringify({
    id: `C${ownDigits}`,
    name: `${names[index]} & Söhne GmbH ${ownDigits}`,
    ...place,
    phone: `+49 211 ${ownDigits}`,
    fax: null,
    website: `https://www.kunde-${ownDigits}.example/`,
    employees: 120 + index,
    ...stamps,
  }),
);
