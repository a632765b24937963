import { locale } from './locale.ts';

export const unitedStates = locale({
  country: 'United States',
  countryCode: 'US',
  nameOrder: '{given} {family}',
  given: 'Shawnee|LaToya|Mary Ann=maryann|Jean-Luc|Siobhán=siobhan|Xóchitl=xochitl|Bob|Anne-Marie',
  family: "O'Neill=oneill|MacDonald|Smith-Jones|Nguyen|Washington|St. John=stjohn|Peña=pena|Lee",
  cities: 'New York;NY;100##|San José;CA;951##|Coeur d’Alene;ID;838##-####|Washington;DC;200##',
  streets: '#### Main St., Apt #|P.O. Box ###|## O’Farrell Street, Suite ###',
  phones: '+1 (212) 555-01##|212.555.01## x###|1-800-555-01##|(415) 555-01## ext. ##',
  mobiles: '+1 917 555 01##|917-555-01##',
  titles: 'VP, Customer Care|Purchasing Manager|Owner/Operator|R&D Lead',
  companies: '{family}\'s Beverages, Inc.|{family} & Co. LLC|The "{family}" Store',
});

export const egypt = locale({
  country: 'Egypt',
  countryCode: 'EG',
  nameOrder: '{given} {family}',
  given: 'محمد=mohamed|فاطمة=fatima|عبد الرحمن=abdelrahman|ليلى=layla|يوسف=youssef',
  family: 'المصري=elmasry|الزهراء=elzahraa|حسين=hussein|بن سعيد=bensaid|القاضي=elkady',
  cities: 'القاهرة;القاهرة;11###|الإسكندرية;الإسكندرية;21###|أسوان;;81###',
  streets: '## شارع التحرير|عمارة #، شارع النيل|ميدان طلعت حرب ##',
  phones: '+20 2 0000 ####|٠٢ ٢٧٣٥ ٠٠##',
  mobiles: '+20 100 000 ####|0100-000-####',
  titles: 'مدير المشتريات|مديرة خدمة العملاء|محاسب',
  companies: 'شركة {family} للتجارة|مؤسسة {family} وأولاده|مخابز {family}',
});

export const israel = locale({
  country: 'Israel',
  countryCode: 'IL',
  nameOrder: '{given} {family}',
  given: 'יעל=yael|אברהם=avraham|נועה=noa|משה=moshe|שירה=shira',
  family: 'כהן=cohen|לוי=levi|בן־דוד=bendavid|מזרחי=mizrahi|צ׳רניחובסקי=chernichovsky',
  cities: 'ירושלים;;91#####|תל אביב-יפו;מחוז תל אביב;61#####|חיפה;;31#####',
  streets: 'רח׳ הרצל ##|שד׳ רוטשילד ###|כיכר רבין #',
  phones: '+972 2 000 ####|03-000####',
  mobiles: '+972 50 000 ####|050-000-####',
  titles: 'מנהלת רכש|סמנכ״ל תפעול|נציג שירות',
  companies: '{family} ובניו בע״מ|מאפיית {family}|קבוצת {family}',
});

export const japan = locale({
  country: 'Japan',
  countryCode: 'JP',
  nameOrder: '{family} {given}',
  given: '太郎=taro|花子=hanako|健一=kenichi|さくら=sakura|ジョン=jon',
  family: '山田=yamada|佐藤=sato|髙橋=takahashi|渡邊=watanabe|𠮷野=yoshino',
  cities: '東京都千代田区;東京都;100-####|大阪市北区;大阪府;530-####|札幌市;北海道;060-####',
  streets: '丸の内#-#-#|梅田#丁目##番#号 グランフロント##階|大通西##丁目',
  phones: '+81 3 0000 ####|03-0000-####|０３－００００－００##',
  mobiles: '+81 90 0000 ####|090-0000-####',
  titles: '購買部長|代表取締役|カスタマーサポート担当',
  companies: '株式会社{family}商店|{family}工業株式会社|(有){family}パン',
});

export const china = locale({
  country: 'China',
  countryCode: 'CN',
  nameOrder: '{family}{given}',
  given: '小明=xiaoming|丽=li|伟=wei|芳=fang|建国=jianguo',
  family: '王=wang|欧阳=ouyang|李=li|𡈽=tu|张=zhang',
  cities: '北京;北京市;1000##|上海;上海市;2000##|广州;广东省;5100##',
  streets: '中山路###号|人民大道##号#栋####室|长安街#号',
  phones: '+86 10 0000 ####|021-0000####转##',
  mobiles: '+86 130 0000 ####|1300000####',
  titles: '采购经理|总经理|客户服务主管',
  companies: '{family}氏贸易有限公司|上海{family}记食品厂|{family}兄弟集团',
});

export const korea = locale({
  country: 'South Korea',
  countryCode: 'KR',
  nameOrder: '{family} {given}',
  given: '민준=minjun|서연=seoyeon|지우=jiwoo|하은=haeun',
  family: '김=kim|이=lee|박=park|남궁=namgung|최=choi',
  cities: '서울특별시;서울;0####|부산광역시;부산;4####|제주시;제주특별자치도;63###',
  streets: '세종대로 ###|해운대로 ##번길 #|중앙로 ##, ###호',
  phones: '+82 2 000 ####|02)000-####',
  mobiles: '+82 10 0000 ####|010-0000-####',
  titles: '구매팀장|대표이사|고객지원 담당',
  companies: '주식회사 {family}무역|{family}가네 식품|(주){family}앤파트너스',
});

export const india = locale({
  country: 'India',
  countryCode: 'IN',
  nameOrder: '{given} {family}',
  given: 'प्रिया=priya|अर्जुन=arjun|लक्ष्मी=lakshmi|कृष्ण=krishna|श्रेया=shreya',
  family: 'शर्मा=sharma|श्रीवास्तव=shrivastava|पटेल=patel|चट्टोपाध्याय=chattopadhyay',
  cities: 'नई दिल्ली;दिल्ली;1100##|मुंबई;महाराष्ट्र;4000##|वाराणसी;उत्तर प्रदेश;2210##',
  streets: '##, महात्मा गांधी मार्ग|प्लॉट नं. ###, सेक्टर ##|पुराना बाज़ार #',
  phones: '+91 11 0000 ####|(022) 0000-####',
  mobiles: '+91 90000 #####|090000 #####',
  titles: 'क्रय प्रबंधक|निदेशक|ग्राहक सेवा अधिकारी',
  companies: '{family} ब्रदर्स प्रा. लि.|श्री {family} मिष्ठान्न भंडार|{family} एंड संस',
});
