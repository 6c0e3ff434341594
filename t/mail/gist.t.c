#include "mail/gist.h"

#include "base/buf.h"
#include "base/hash.h"
#include "t/tap.h"

static struct language_table *table;

static struct gist gist_of(const char *text)
{
	struct gist w = {.table = table};

	gist_add(&w, str_of(text));
	return w;
}

static int distance(const char *a, const char *b)
{
	struct gist x = gist_of(a), y = gist_of(b);

	return __builtin_popcountll(gist_simhash(&x) ^ gist_simhash(&y));
}

/* Charikar's rule bit by bit, against the packed one; more features than a byte can count. */
static void test_votes(void)
{
	struct simhash s = {0};
	int votes[64] = {0};
	uint64_t want = 0;

	for (uint64_t i = 0; i < 1001; i++) {
		uint64_t f = hash64(&i, sizeof(i), 7);
		simhash_add(&s, f);
		for (int bit = 0; bit < 64; bit++)
			votes[bit] += f >> bit & 1 ? 1 : -1;
	}
	for (int bit = 0; bit < 64; bit++)
		want |= (uint64_t)(votes[bit] > 0) << bit;
	ok(simhash_end(&s) == want);
	s = (struct simhash){0};
	ok(simhash_end(&s) == 0);
	simhash_add(&s, 0x8000000000000001u);
	ok(simhash_end(&s) == 0x8000000000000001u);
	s = (struct simhash){0};
	simhash_add(&s, 1);
	simhash_add(&s, 2);
	ok(simhash_end(&s) == 0);
}

#define BODY                                                                                       \
	"The committee on digital affairs meets again next week, and the agenda is not yet "       \
	"public.\nSources close to the chair say that the vote on the new surveillance bill may "  \
	"be moved to the autumn, since two of the parties want more time to hear experts.\nRead "  \
	"the whole story, and what those who know the file say of it, here: "

#define WRAPPED                                                                                    \
	"THE Committee on digital affairs meets again\nnext week, and the agenda is not yet "      \
	"public. "                                                                                 \
	"Sources close to the chair say\nthat the vote on the new surveillance bill may be moved " \
	"to "                                                                                      \
	"the\nautumn, since two of the parties want more time to hear experts. Read\nthe whole "   \
	"story, and what those who know the file say of it,\nhere: "

/* Another name and token; other addresses and numbers; other lines and case; invisible letters. */
static const char *const near[][2] = {
	{"Dear Ada Lovelace,\n\n" BODY "http://news.example/i/a8f3c91e77b04d52\n\nBest wishes",
		"Dear Dr van der Meer,\n\n" BODY
		"http://news.example/i/77b04d52a8f3c91e\n\nBest wishes"},
	{BODY "x@a.example 17.04.2024", BODY "y.z@b.example 3.5.2024"},
	{BODY, WRAPPED},
	{BODY "thanks", BODY "th\u00ada\u200bnks"},
};

static void test_near(void)
{
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
		if (!ok(distance(near[i][0], near[i][1]) <= 4))
			printf("# %zu: %d bits\n", i, distance(near[i][0], near[i][1]));
	ok(distance(BODY, "Your parcel could not be delivered because nobody was at home; please "
			  "choose a new date, or pick it up at the counter in your town before "
			  "Friday.") > 16);
	ok(distance("", "") == 0);
}

static void test_counts(void)
{
	static const struct {
		const char *text;
		unsigned n;
	} cases[] = {{"", 0}, {"one two", 2}, {"it's don\u2019t 'quoted' --", 3}, {"a,b.c/d", 4},
		{"http://e.example/a b@c www.x", 3}, {"\u4f60\u597d\u3002ok", 3},
		{"\xff\xfe x\xffy", 2}, {"caf\u00e9 \u00fcber", 2}, {"2024-05-01", 3}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!ok(gist_of(cases[i].text).n == cases[i].n))
			printf("# %s: %u\n", cases[i].text, gist_of(cases[i].text).n);
}

/* Article 1 of the Universal Declaration of Human Rights, and sentences that say too little. */
static void test_language(void)
{
	static const struct {
		const char *code, *text;
	} cases[] = {
		{"en", "All human beings are born free and equal in dignity and rights. They are "
		       "endowed with reason and conscience and should act towards one another in a "
		       "spirit of brotherhood."},
		{"de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind "
		       "mit "
		       "Vernunft und Gewissen begabt und sollen einander im Geist der "
		       "Brüderlichkeit begegnen."},
		{"fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits. "
		       "Ils "
		       "sont doués de raison et de conscience et doivent agir les uns envers les "
		       "autres dans un esprit de fraternité."},
		{"es", "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, "
		       "dotados como están de razón y conciencia, deben comportarse fraternalmente "
		       "los unos con los otros."},
		{"it", "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi "
		       "sono dotati di ragione e di coscienza e devono agire gli uni verso gli "
		       "altri "
		       "in spirito di fratellanza."},
		{"pt", "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. "
		       "Dotados de razão e de consciência, devem agir uns para com os outros em "
		       "espírito de fraternidade."},
		{"nl", "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij "
		       "zijn "
		       "begiftigd met verstand en geweten, en behoren zich jegens elkander in een "
		       "geest van broederschap te gedragen."},
		{"sv", "Alla människor är födda fria och lika i värde och rättigheter. De är "
		       "utrustade "
		       "med förnuft och samvete och bör handla gentemot varandra i en anda av "
		       "broderskap."},
		{"fi", "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja "
		       "oikeuksiltaan. "
		       "Heille on annettu järki ja omatunto, ja heidän on toimittava toisiaan "
		       "kohtaan "
		       "veljeyden hengessä."},
		{"pl", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych "
		       "praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec "
		       "innych "
		       "w duchu braterstwa."},
		{"cs", "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou "
		       "nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství."},
		{"hu", "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az "
		       "emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri "
		       "szellemben kell hogy viseltessenek."},
		{"tr", "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve "
		       "vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket "
		       "etmelidirler."},
		{"ru", "Все люди рождаются свободными и равными в своем достоинстве и правах. Они "
		       "наделены разумом и совестью и должны поступать в отношении друг друга в "
		       "духе "
		       "братства."},
		{"uk", "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони "
		       "наділені розумом і совістю і повинні діяти у відношенні один до одного в "
		       "дусі "
		       "братерства."},
		{"el", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα "
		       "δικαιώματα."},
		{"zh", "人人生而自由，在尊严和权利上一律平等。"},
		{"ja", "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等"
		       "である。"},
		{"ko", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."},
		{"he", "כל בני אדם נולדו בני חורין ושווים בערכם ובזכויותיהם."},
		{"ar", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا "
		       "وعليهم أن يعامل بعضهم بعضا بروح الإخاء، مع ما في هذا من خير إلى الجميع."},
		{"", ""},
		{"und", "Invoice 4711"},
		{"und", "Click here"},
		{"und", "http://e.example/ 17"},
		{"und", "Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod "
			"tempor"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gist w = gist_of(cases[i].text);
		tap_eq_str(str_of(language_of(&w.language)), str_of(cases[i].code), cases[i].text,
			__FILE__, __LINE__);
	}
}

int main(void)
{
	table = language_table_new();
	test_votes();
	test_near();
	test_counts();
	test_language();
	language_table_free(table);
	return tap_end();
}
