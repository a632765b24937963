import { locale } from './locale.ts';

export const germany = locale({
  country: 'Germany',
  countryCode: 'DE',
  nameOrder: '{given} {family}',
  given: 'Jürgen=juergen|Anneliese|Björn=bjoern|Käthe=kaethe|Sören=soeren|Heike|Günther=guenther|Lukas|Maja|Zoë=zoe',
  family: 'Müller=mueller|Weiß=weiss|Größner=groessner|Schäfer=schaefer|Vogt|Jäger=jaeger|Köhler=koehler|Strauß=strauss|Becker',
  cities: 'München;Bayern;8####|Köln;Nordrhein-Westfalen;5####|Düsseldorf;Nordrhein-Westfalen;40###|Gießen;Hessen;35###|Berlin;;10###',
  streets: 'Hauptstraße ##|Am Grünen Weg #|Königsallee ###|Bahnhofstr. ## a|Weißenburger Platz #',
  phones: '+49 30 23125 ###|030/23125-###|(089) 99998-###|0049 221 4710 ###|+49 (0)69 90009 ###',
  mobiles: '+49 171 39200 ##|0176-040690##',
  titles: 'Geschäftsführerin|Einkäufer|Leiter Qualitätssicherung|Sachbearbeiter|Prokuristin',
  companies: '{family} & Söhne GmbH|{family} Großhandel KG|Gebrüder {family} OHG|{family} Bäckerei',
});

export const france = locale({
  country: 'France',
  countryCode: 'FR',
  nameOrder: '{given} {family}',
  given: 'François=francois|Zoé=zoe|Jean-Loïc=jean-loic|Élodie=elodie|Anaïs=anais|Benoît=benoit|Océane=oceane|Hélène=helene',
  family: "Lefèvre=lefevre|d'Aubigné=daubigne|Châtelain=chatelain|Noël=noel|Güell=guell|Besançon=besancon|L'Hôpital=lhopital|Martin",
  cities: 'Saint-Étienne;Auvergne-Rhône-Alpes;42###|Nîmes;Occitanie;30###|Paris;Île-de-France;75###|Besançon;;25###',
  streets: "## rue de l'Église|# bis avenue des Champs-Élysées|### boulevard Saint-Michel|Lieu-dit « Le Chêne »",
  phones: '+33 1 99 00 ## ##|01.99.00.##.##|02 61 91 ## ##|(04) 65.71.##.##',
  mobiles: '+33 6 39 98 ## ##|06.39.98.##.##',
  titles: 'Directrice générale|Responsable des achats|Chargé de clientèle|Comptable',
  companies: 'Établissements {family}|{family} et fils SARL|Crèmerie {family} S.A.S.|Maison {family}',
});

export const spain = locale({
  country: 'Spain',
  countryCode: 'ES',
  nameOrder: '{given} {family}',
  given: 'Íñigo=inigo|María José=maria.jose|Ángel=angel|Begoña=begona|Jesús=jesus|Lucía=lucia|Núria=nuria',
  family: 'Muñoz Ibáñez=munoz|García Ordóñez=garcia|Núñez=nunez|Peña y Lillo=pena|Güemes=guemes|Ruiz-Mateos=ruiz|López=lopez',
  cities: 'A Coruña;Galicia;15###|Cádiz;Andalucía;11###|Málaga;Andalucía;29###|Madrid;;28###',
  streets: 'C/ Nuñez de Balboa, ##, 3º izda.|Avda. de la Constitución ###|Plaza de España s/n',
  phones: '+34 91 555 ## ##|(95) 555 ## ##|93 555 ####',
  mobiles: '+34 600 00# ###|600-00-##-##',
  titles: 'Directora de compras|Jefe de almacén|Administración',
  companies: 'Hermanos {family} S.L.|Compañía {family}|Panadería {family} S.A.',
});

export const brazil = locale({
  country: 'Brazil',
  countryCode: 'BR',
  nameOrder: '{given} {family}',
  given: 'João=joao|Conceição=conceicao|Antônio=antonio|Inês=ines|Tomás=tomas|Luísa=luisa',
  family: 'da Conceição=conceicao|Guimarães=guimaraes|dos Santos=santos|Simões=simoes|Araújo=araujo|Magalhães Júnior=magalhaes',
  cities: 'São Paulo;SP;0####-###|Brasília;DF;70###-###|Maceió;AL;57###-###',
  streets: 'Rua Orós, ##|Av. Paulista, ### - cj. ##|Praça da Sé, s/nº',
  phones: '+55 11 5550-####|(21) 5550.####|0xx11 5550 ####',
  mobiles: '+55 11 95550-####|(11) 9 5550 ####',
  titles: 'Diretora de operações|Gerente de compras|Técnico de suporte',
  companies: 'Irmãos {family} Ltda.|Comércio {family}|Confecções {family} S/A',
});

export const greece = locale({
  country: 'Greece',
  countryCode: 'GR',
  nameOrder: '{given} {family}',
  given: 'Γεώργιος=georgios|Ελένη=eleni|Χρήστος=christos|Όλγα=olga|Ιωάννα=ioanna',
  family: 'Παπαδόπουλος=papadopoulos|Αγγελίδου=angelidou|Ξενάκης=xenakis|Θεοδωράκης=theodorakis',
  cities: 'Αθήνα;Αττική;1## ##|Θεσσαλονίκη;Κεντρική Μακεδονία;54# ##|Πάτρα;;26# ##',
  streets: 'Λεωφ. Κηφισίας ##|Ερμού ###|Πλατεία Συντάγματος #',
  phones: '+30 21 0000 ####|2310-000###',
  mobiles: '+30 690 000 ####|69 0000 ####',
  titles: 'Διευθύντρια|Προϊστάμενος αγορών|Λογιστής',
  companies: 'Αφοί {family} Α.Ε.|{family} & Σία Ο.Ε.|Εμπορική {family}',
});

export const kazakhstan = locale({
  country: 'Kazakhstan',
  countryCode: 'KZ',
  nameOrder: '{given} {family}',
  given: 'Фёдор=fyodor|Наталья=natalya|Юрий=yuriy|Алёна=alyona|Әйгерім=aigerim|Щусь=shchus',
  family: 'Достоевский=dostoevskiy|Ёлкина=yolkina|Щербаков=shcherbakov|Подъячев=podyachev|Нұрланова=nurlanova',
  cities: 'Алматы;;05####|Астана;Ақмола облысы;01####|Қарағанды;;10####',
  streets: 'ул. Абая, д. ##, кв. ###|пр-т Достык ##|мкр. Самал-#',
  phones: '+7 727 000-##-##|8 (7172) 00 ## ##',
  mobiles: '+7 700 000 ## ##|8-700-000-##-##',
  titles: 'Генеральный директор|Менеджер по закупкам|Бухгалтер',
  companies: 'ТОО «{family} и партнёры»|ИП {family}|Торговый дом «{family}»',
});

export const turkey = locale({
  country: 'Türkiye',
  countryCode: 'TR',
  nameOrder: '{given} {family}',
  given: 'Işıl=isil|İbrahim=ibrahim|Çağrı=cagri|Gökçe=gokce|Ömer=omer|Şule=sule',
  family: 'Yıldız=yildiz|ILGAZ=ilgaz|Öztürk=ozturk|İnönü=inonu|Şimşek=simsek|Kılıçdağ=kilicdag',
  cities: 'İstanbul;İstanbul;34###|Iğdır;;76###|Diyarbakır;;21###|Eskişehir;Eskişehir;26###',
  streets: 'Bağdat Cad. No:##/#|İstiklâl Caddesi ###|Çiçek Sok. # D:##',
  phones: '+90 212 000 ## ##|(0212) 000 ####',
  mobiles: '+90 500 000 ## ##|0500 000 ####',
  titles: 'Satın Alma Müdürü|Genel Müdür|İş Geliştirme Uzmanı',
  companies: '{family} Kardeşler A.Ş.|{family} Gıda Ltd. Şti.|Öz {family} Ticaret',
});
