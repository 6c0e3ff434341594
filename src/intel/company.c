#include "intel/company.h"

/* Towns and provinces that Chinese companies are named after (GB/T 2260). */
static const struct {
	const char *latin, *han;
} towns[] = {
	{"beijing", "北京"},
	{"shanghai", "上海"},
	{"tianjin", "天津"},
	{"chongqing", "重庆"},
	{"wuhan", "武汉"},
	{"chengdu", "成都"},
	{"guangzhou", "广州"},
	{"shenzhen", "深圳"},
	{"nanjing", "南京"},
	{"hangzhou", "杭州"},
	{"xian", "西安"},
	{"jinan", "济南"},
	{"qingdao", "青岛"},
	{"shenyang", "沈阳"},
	{"dalian", "大连"},
	{"haerbin", "哈尔滨"},
	{"harbin", "哈尔滨"},
	{"changchun", "长春"},
	{"zhengzhou", "郑州"},
	{"changsha", "长沙"},
	{"nanchang", "南昌"},
	{"hefei", "合肥"},
	{"fuzhou", "福州"},
	{"xiamen", "厦门"},
	{"kunming", "昆明"},
	{"guiyang", "贵阳"},
	{"nanning", "南宁"},
	{"haikou", "海口"},
	{"lanzhou", "兰州"},
	{"taiyuan", "太原"},
	{"shijiazhuang", "石家庄"},
	{"suzhou", "苏州"},
	{"wuxi", "无锡"},
	{"ningbo", "宁波"},
	{"zhuhai", "珠海"},
	{"dongguan", "东莞"},
	{"hubei", "湖北"},
	{"hunan", "湖南"},
	{"hainan", "海南"},
	{"guangdong", "广东"},
	{"sichuan", "四川"},
	{"jiangsu", "江苏"},
	{"zhejiang", "浙江"},
	{"shandong", "山东"},
	{"hebei", "河北"},
	{"henan", "河南"},
	{"fujian", "福建"},
	{"anhui", "安徽"},
	{"shaanxi", "陕西"},
	{"shanxi", "山西"},
	{"liaoning", "辽宁"},
	{"hongkong", "香港"},
	{"macau", "澳门"},
};

/* Words that only say what kind of company it is, and those that join words. */
static const char *const classes[] = {"co", "ltd", "limited", "company", "corp", "corporation",
	"inc", "incorporated", "llc", "llp", "plc", "pte", "pty", "gmbh", "ag", "sa", "sarl", "bv",
	"nv", "spa", "srl", "ooo", "oao", "zao", "pao", "ao", "jsc", "pjsc", "fze", "sdn", "bhd",
	"group", "holdings", "holding", "liability", "shares", "and", "of", "the", "&"};
static const char *const han_classes[] = {
	"股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "公司", "集团"};

/* Trades, several words for one. */
enum trade { TRADE_TECHNOLOGY = 1, TRADE_TRADING = 2, TRADE_NETWORK = 4, TRADE_INFORMATION = 8 };
static const struct {
	const char *word;
	unsigned trade;
} trades[] = {
	{"technology", TRADE_TECHNOLOGY},
	{"technologies", TRADE_TECHNOLOGY},
	{"tech", TRADE_TECHNOLOGY},
	{"science", TRADE_TECHNOLOGY},
	{"sci", TRADE_TECHNOLOGY},
	{"keji", TRADE_TECHNOLOGY},
	{"trading", TRADE_TRADING},
	{"trade", TRADE_TRADING},
	{"maoyi", TRADE_TRADING},
	{"network", TRADE_NETWORK},
	{"networks", TRADE_NETWORK},
	{"wangluo", TRADE_NETWORK},
	{"information", TRADE_INFORMATION},
	{"info", TRADE_INFORMATION},
	{"xinxi", TRADE_INFORMATION},
	{"科学技术", TRADE_TECHNOLOGY},
	{"科技", TRADE_TECHNOLOGY},
	{"技术", TRADE_TECHNOLOGY},
	{"贸易", TRADE_TRADING},
	{"网络", TRADE_NETWORK},
	{"信息", TRADE_INFORMATION},
};

static bool is_class(struct str word)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (str_eq(word, str_of(classes[i])))
			return true;
	return false;
}

static unsigned trade_of(struct str word)
{
	for (size_t i = 0; i < sizeof(trades) / sizeof(trades[0]); i++)
		if (str_eq(word, str_of(trades[i].word)))
			return trades[i].trade;
	return 0;
}

/* The town that the words begin with, in one word or several ("wu han"); cuts them off. */
static struct str cut_town(struct str *inout_words)
{
	for (size_t i = 0; i < sizeof(towns) / sizeof(towns[0]); i++) {
		const char *t = towns[i].latin;
		size_t at = 0;
		while (*t && at < inout_words->n) {
			if (inout_words->p[at] == *t)
				t++;
			else if (inout_words->p[at] != ' ' && inout_words->p[at] != '\'')
				break;
			at++;
		}
		if (*t == 0 && (at == inout_words->n || inout_words->p[at] == ' ')) {
			*inout_words = str_trim(str_from(*inout_words, at));
			return str_of(towns[i].latin);
		}
	}
	return STR("");
}

static void read_latin(struct arena *a, struct str words, struct company *ret)
{
	char *p = arena_alloc(a, words.n + 1);
	size_t n = 0;

	ret->town = cut_town(&words);
	while (words.n) {
		struct str word = str_cut(&words, ' ');
		unsigned trade = trade_of(word);
		ret->trades |= trade;
		if (word.n == 0 || trade || is_class(word))
			continue;
		if (n)
			p[n++] = ' ';
		memcpy(p + n, word.p, word.n);
		n += word.n;
	}
	ret->core.latin = (struct str){p, n};
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* The words from the first to before the last, each the reading of a character. */
static struct str words_between(struct str words, size_t first, size_t last)
{
	struct str rest = words;
	const char *from = words.p;
	size_t i;

	for (i = 0; i < last && rest.n; i++) {
		if (i == first)
			from = rest.p;
		str_cut(&rest, ' ');
	}
	size_t n = rest.n ? (size_t)(rest.p - from) : (size_t)(words.p + words.n - from);
	return first < last && i > first ? str_trim((struct str){from, n}) : STR("");
}

static void cut_classes(struct str *inout_s)
{
	for (size_t i = 0; i < sizeof(han_classes) / sizeof(han_classes[0]); i++) {
		struct str end = str_of(han_classes[i]);
		if (str_ends(*inout_s, end))
			inout_s->n -= end.n;
	}
}

static void read_han(const struct name_form *name, struct company *ret)
{
	struct str s = name->han;

	for (size_t i = 0; i < sizeof(towns) / sizeof(towns[0]); i++) {
		struct str town = str_of(towns[i].han);
		if (!str_starts(s, town))
			continue;
		s = str_from(s, town.n);
		if (str_starts(s, STR("市")) || str_starts(s, STR("省")))
			s = str_from(s, 3);
		ret->town = str_of(towns[i].latin);
		break;
	}
	cut_classes(&s);
	for (size_t i = 0; i < sizeof(trades) / sizeof(trades[0]); i++) {
		struct str word = str_of(trades[i].word);
		if (s.n > word.n && str_ends(s, word)) {
			s.n -= word.n;
			ret->trades |= trades[i].trade;
			i = (size_t)-1; /* 网络科技: several of them */
		}
	}
	ret->core.han = s;
	if (name->derived) {
		size_t first = characters(str_upto(name->han, (size_t)(s.p - name->han.p)));
		ret->core.latin = words_between(name->latin, first, first + characters(s));
		ret->core.derived = true;
	}
}

void company_read(struct arena *a, const struct name_form *name, struct company *ret)
{
	*ret = (struct company){.core = {STR(""), STR(""), false}, .town = STR("")};
	if (!name->derived)
		read_latin(a, name->latin, ret);
	if (name->han.n)
		read_han(name, ret);
	if (ret->core.latin.n == 0 && ret->core.han.n == 0)
		ret->core = *name;
}
