/*
 * The shapes of the records: what each kind of log has, how often, in which order of keys.  The
 * letters are those of put_value().  The weights of operations follow what tenants of a few
 * thousand people report: mail access and sign-ins first, administration rare.
 */
#include "bench/gen.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A record reads as it will be written. */
#define UAL_HEAD(status, user_key, user_type)                                                      \
	"{\"CreationTime\":\"%t\",\"Id\":\"%I\",\"Operation\":\"%N\",\"OrganizationId\":\"%o\","   \
	"\"RecordType\":%Y,\"ResultStatus\":\"" status "\",\"UserKey\":\"" user_key "\","          \
	"\"UserType\":" user_type ",\"Version\":1,\"Workload\":\"%O\","

#define STS(status, detail, request, error)                                                        \
	UAL_HEAD(status, "%K", "0")                                                                \
	"\"ClientIP\":\"%i\",\"ObjectId\":\"%A\",\"UserId\":\"%u\","                               \
	"\"AzureActiveDirectoryEventType\":1,\"ExtendedProperties\":[{\"Name\":"                   \
	"\"ResultStatusDetail\",\"Value\":\"" detail                                               \
	"\"},{\"Name\":\"UserAgent\",\"Value\":\"%a\"},"                                           \
	"{\"Name\":\"RequestType\",\"Value\":\"" request "\"}],\"ModifiedProperties\":[],"         \
	"\"Actor\":[{\"ID\":\"%K\",\"Type\":0},{\"ID\":\"%u\",\"Type\":5}],"                       \
	"\"ActorContextId\":\"%o\",\"ActorIpAddress\":\"%i\",\"InterSystemsId\":\"%g\","           \
	"\"IntraSystemId\":\"%g\",\"SupportTicketId\":\"\",\"Target\":[{\"ID\":\"%A\",\"Type\":0}" \
	"],"                                                                                       \
	"\"TargetContextId\":\"%o\",\"ApplicationId\":\"%A\",\"DeviceProperties\":[{\"Name\":"     \
	"\"Id\",\"Value\":\"%x\"},{\"Name\":\"OS\",\"Value\":\"Windows10\"},{\"Name\":"            \
	"\"BrowserType\",\"Value\":\"Chrome\"},{\"Name\":\"IsCompliantAndManaged\",\"Value\":"     \
	"\"True\"},{\"Name\":\"SessionId\",\"Value\":\"%s\"}],\"ErrorNumber\":\"" error "\"}"

#define MAILBOX                                                                                    \
	UAL_HEAD("Succeeded", "%k", "0")                                                           \
	"\"UserId\":\"%u\",\"AppId\":\"%A\",\"ClientAppId\":\"\",\"ClientIPAddress\":\"%i\","      \
	"\"ClientInfoString\":\"Client=OWA;%a;\",\"ExternalAccess\":false,"                        \
	"\"InternalLogonType\":0,\"LogonType\":0,\"LogonUserSid\":"                                \
	"\"S-1-5-21-1004336348-1177238915-%p-%n\",\"MailboxGuid\":\"%b\",\"MailboxOwnerSid\":"     \
	"\"S-1-5-21-1004336348-1177238915-%p-%n\",\"MailboxOwnerUPN\":\"%u\","                     \
	"\"OrganizationName\":\"ministry.example\",\"OriginatingServer\":\"%h (15.20.7452.045)\"," \
	"\"SessionId\":\"%s\",\"AppAccessContext\":{\"AADSessionId\":\"%s\","                      \
	"\"UniqueTokenId\":\"%q\"},"

#define MAIL_READ(kind)                                                                            \
	MAILBOX                                                                                    \
	"\"OperationProperties\":[{\"Name\":\"MailAccessType\",\"Value\":\"" kind "\"},"           \
	"{\"Name\":\"IsThrottled\",\"Value\":\"False\"}],\"Folders\":[{\"FolderItems\":[%m],"      \
	"\"Id\":\"LgAAAAD%r%r\",\"Path\":\"\\\\Inbox\"}],\"OperationCount\":%c}"

#define MAIL_ITEM                                                                                  \
	MAILBOX                                                                                    \
	"\"Item\":{\"Attachments\":\"%F (%nb)\",\"Id\":\"RgAAAAD%r%r\","                           \
	"\"InternetMessageId\":\"<%M>\",\"ParentFolder\":{\"Id\":\"LgAAAAD%r%r\","                 \
	"\"Name\":\"Inbox\",\"Path\":\"\\\\Inbox\"},\"SizeInBytes\":%n,\"Subject\":\"%T\"}}"

#define MAIL_ITEMS                                                                                 \
	MAILBOX                                                                                    \
	"\"AffectedItems\":[{\"Attachments\":\"%F (%nb)\",\"Id\":\"RgAAAAD%r%r\","                 \
	"\"InternetMessageId\":\"<%M>\",\"ParentFolder\":{\"Id\":\"LgAAAAD%r%r\",\"Path\":"        \
	"\"\\\\Inbox\"},\"Subject\":\"%T\"}],\"CrossMailboxOperation\":false,"                     \
	"\"Folder\":{\"Id\":\"LgAAAAD%r%r\",\"Path\":\"\\\\Deleted Items\"}}"

#define SHARED_FILE                                                                                \
	UAL_HEAD("Succeeded", "i:0h.f|membership|%k@live.example", "0")                            \
	"\"ClientIP\":\"%i\",\"UserId\":\"%u\",\"ObjectId\":\"%P\",\"ApplicationId\":\"%A\","      \
	"\"ApplicationDisplayName\":\"Office\",\"AuthenticationType\":\"OAuth\",\"BrowserName\":"  \
	"\"Chrome\",\"BrowserVersion\":\"%n.0.0.0\",\"CorrelationId\":\"%g\","                     \
	"\"DeviceDisplayName\":"                                                                   \
	"\"PC-%k\",\"EventSource\":\"SharePoint\",\"GeoLocation\":\"EUR\",\"IsManagedDevice\":"    \
	"true,"                                                                                    \
	"\"ItemType\":\"File\",\"ListId\":\"%g\",\"ListItemUniqueId\":\"%g\",\"Platform\":"        \
	"\"WinDesktop\",\"Site\":\"%g\",\"UserAgent\":\"%a\",\"WebId\":\"%g\","                    \
	"\"AppAccessContext\":{\"AADSessionId\":\"%s\",\"CorrelationId\":\"%g\","                  \
	"\"UniqueTokenId\":\"%q\"},\"HighPriorityMediaProcessing\":false,"                         \
	"\"SourceFileExtension\":"                                                                 \
	"\"docx\",\"SiteUrl\":\"%W\",\"SourceFileName\":\"%F\",\"SourceRelativeUrl\":"             \
	"\"Shared Documents/%w\""

#define ADMIN(parameters)                                                                          \
	UAL_HEAD("True", "%k", "2")                                                                \
	"\"ClientIP\":\"%i:%p\",\"ObjectId\":\"%v\",\"UserId\":\"%u\",\"AppId\":\"%A\","           \
	"\"ClientAppId\":\"\",\"AppPoolName\":\"MSExchangeAdminApiNetCore\",\"CorrelationID\":\"%" \
	"g\","                                                                                     \
	"\"ExternalAccess\":false,\"OrganizationName\":\"ministry.example\","                      \
	"\"OriginatingServer\":\"%h (15.20.7452.045)\",\"RequestId\":\"%g\","                      \
	"\"SessionId\":\"%s\",\"Parameters\":[{\"Name\":\"Identity\",\"Value\":\"%v\"}"            \
	"," parameters ",{\"Name\":\"Confirm\",\"Value\":\"False\"},{\"Name\":\"ErrorAction\","    \
	"\"Value\":\"Stop\"}],"                                                                    \
	"\"AppAccessContext\":{\"AADSessionId\":\"%s\",\"CorrelationId\":\"%g\","                  \
	"\"UniqueTokenId\":\"%q\"}}"

#define DIRECTORY(target, changed)                                                                 \
	UAL_HEAD("Success", "%k@ministry.example", "0")                                            \
	"\"ObjectId\":\"%v\",\"UserId\":\"%u\",\"AzureActiveDirectoryEventType\":1,"               \
	"\"ExtendedProperties\":[{\"Name\":\"additionalDetails\",\"Value\":\"{\\\"UserType\\\":"   \
	"\\\"Member\\\",\\\"User-Agent\\\":\\\"%a\\\"}\"},{\"Name\":"                              \
	"\"extendedAuditEventCategory\","                                                          \
	"\"Value\":\"" target "\"}],\"ModifiedProperties\":[" changed ",{\"Name\":"                \
	"\"Included Updated Properties\",\"NewValue\":\"%w\",\"OldValue\":\"\"}],"                 \
	"\"Actor\":[{\"ID\":\"%u\",\"Type\":5},{\"ID\":\"%k\",\"Type\":3},{\"ID\":"                \
	"\"User_%K\",\"Type\":2},{\"ID\":\"%K\",\"Type\":2},{\"ID\":\"User\",\"Type\":2}],"        \
	"\"ActorContextId\":\"%o\",\"InterSystemsId\":\"%g\",\"IntraSystemId\":\"%g\","            \
	"\"SupportTicketId\":\"\",\"Target\":[{\"ID\":\"" target "_%g\",\"Type\":2},"              \
	"{\"ID\":\"%g\",\"Type\":2},{\"ID\":\"" target                                             \
	"\",\"Type\":2},{\"ID\":\"%v\",\"Type\":5}],"                                              \
	"\"TargetContextId\":\"%o\"}"

#define CHAT                                                                                       \
	UAL_HEAD("Succeeded", "%K", "0")                                                           \
	"\"ClientIP\":\"%i\",\"UserId\":\"%u\",\"ChatThreadId\":\"19:%r%r@thread.v2\","            \
	"\"CommunicationType\":\"GroupChat\",\"ExtraProperties\":[{\"Key\":\"TimeZone\","          \
	"\"Value\":"                                                                               \
	"\"Europe/"                                                                                \
	"Vienna\"},{\"Key\":\"OsName\",\"Value\":\"windows\"}],\"MessageId\":\"17040%n%n\","       \
	"\"MessageVersion\":\"17040%n%n\",\"MessageSizeInBytes\":%n,\"ParticipantInfo\":"          \
	"{\"HasForeignTenantUsers\":false,\"ParticipatingTenantIds\":[\"%o\"]},"                   \
	"\"ResourceTenantId\":\"%o\",\"ItemName\":\"19:%r%r@thread.v2\",\"DeviceId\":\"%x\","      \
	"\"UserAgent\":\"%a\",\"Members\":[{\"UPN\":\"%u\",\"Role\":0},{\"UPN\":\"%v\",\"Role\":"  \
	"0},"                                                                                      \
	"{\"UPN\":\"%v\",\"Role\":0}],\"MessageURLs\":[\"https://%H/%w/%w?%w=%n\"],"               \
	"\"AppAccessContext\":{\"AADSessionId\":\"%s\",\"UniqueTokenId\":\"%q\"}}"

#define EX "Exchange"
#define SP "SharePoint"
#define OD "OneDrive"
#define AD "AzureActiveDirectory"
#define TE "MicrosoftTeams"

static const struct shape ual[] = {
	{1450, "UserLoggedIn", AD, "15", STS("Success", "Success", "OAuth2:Token", "0")},
	{150, "UserLoggedIn", AD, "15", STS("Success", "Redirect", "OAuth2:Authorize", "0")},
	{250, "UserLoginFailed", AD, "15", STS("Success", "UserError", "Login:login", "50126")},
	{2300, "MailItemsAccessed", EX, "50", MAIL_READ("Bind")},
	{150, "MailItemsAccessed", EX, "50", MAIL_READ("Sync")},
	{400, "Send", EX, "2", MAIL_ITEM},
	{220, "Create", EX, "2", MAIL_ITEM},
	{480, "Update", EX, "2", MAIL_ITEM},
	{10, "SendAs", EX, "2", MAIL_ITEM},
	{15, "SendOnBehalf", EX, "2", MAIL_ITEM},
	{260, "MoveToDeletedItems", EX, "3", MAIL_ITEMS},
	{160, "SoftDelete", EX, "3", MAIL_ITEMS},
	{90, "HardDelete", EX, "3", MAIL_ITEMS},
	{60, "Move", EX, "3", MAIL_ITEMS},
	{900, "FileAccessed", SP, "6", SHARED_FILE "}"},
	{250, "FileAccessed", OD, "6", SHARED_FILE "}"},
	{120, "FileAccessedExtended", SP, "6", SHARED_FILE "}"},
	{430, "FileModified", SP, "6", SHARED_FILE "}"},
	{150, "FileModifiedExtended", SP, "6", SHARED_FILE "}"},
	{240, "FilePreviewed", SP, "6", SHARED_FILE "}"},
	{200, "FileDownloaded", SP, "6", SHARED_FILE "}"},
	{150, "FileUploaded", OD, "6", SHARED_FILE "}"},
	{210, "FileSyncDownloadedFull", OD, "6", SHARED_FILE ",\"FileSyncBytesCommitted\":\"%n\"}"},
	{110, "FileSyncUploadedFull", OD, "6", SHARED_FILE ",\"FileSyncBytesCommitted\":\"%n\"}"},
	{70, "FileDeleted", OD, "6", SHARED_FILE "}"},
	{200, "PageViewed", SP, "4", SHARED_FILE "}"},
	{40, "SharingSet", SP, "14",
		SHARED_FILE
		",\"TargetUserOrGroupName\":\"%e\",\"TargetUserOrGroupType\":\"Guest\"}"},
	{10, "AnonymousLinkCreated", SP, "14", SHARED_FILE ",\"UniqueSharingId\":\"%g\"}"},
	{25, "AddedToSecureLink", SP, "14",
		SHARED_FILE
		",\"TargetUserOrGroupName\":\"%e\",\"TargetUserOrGroupType\":\"Guest\"}"},
	{320, "MessageSent", TE, "25", CHAT},
	{70, "MessageCreatedHasLink", TE, "25", CHAT},
	{40, "ChatCreated", TE, "25", CHAT},
	{110, "TeamsSessionStarted", TE, "25", CHAT},
	{25, "MemberAdded", TE, "25", CHAT},
	{120, "Set-Mailbox", EX, "1",
		ADMIN("{\"Name\":\"ProhibitSendQuota\",\"Value\":\"%n GB\"},{\"Name\":"
		      "\"ForwardingSmtpAddress\",\"Value\":\"smtp:%e\"}")},
	{30, "New-InboxRule", EX, "1",
		ADMIN("{\"Name\":\"Name\",\"Value\":\"%w\"},{\"Name\":\"From\",\"Value\":\"%e\"},"
		      "{\"Name\":\"MoveToFolder\",\"Value\":\"%w\"}")},
	{20, "Set-InboxRule", EX, "1",
		ADMIN("{\"Name\":\"Name\",\"Value\":\"%w\"},{\"Name\":\"SubjectContainsWords\","
		      "\"Value\":\"%w;%w\"}")},
	{15, "Add-MailboxPermission", EX, "1",
		ADMIN("{\"Name\":\"User\",\"Value\":\"%v\"},{\"Name\":\"AccessRights\",\"Value\":"
		      "\"FullAccess\"}")},
	{25, "Set-User", EX, "1", ADMIN("{\"Name\":\"Office\",\"Value\":\"%w\"}")},
	{5, "New-TransportRule", EX, "1",
		ADMIN("{\"Name\":\"Name\",\"Value\":\"%T\"},{\"Name\":\"BlindCopyTo\",\"Value\":\"%"
		      "v\"}")},
	{110, "Update user.", AD, "8",
		DIRECTORY("User", "{\"Name\":\"StrongAuthenticationMethod\",\"NewValue\":\"[%n]\","
				  "\"OldValue\":\"[%n]\"}")},
	{25, "Add member to group.", AD, "8",
		DIRECTORY("Group",
			"{\"Name\":\"Group.DisplayName\",\"NewValue\":\"%T\",\"OldValue\":"
			"\"\"}")},
	{5, "Add member to role.", AD, "8",
		DIRECTORY("Role",
			"{\"Name\":\"Role.DisplayName\",\"NewValue\":\"%T\",\"OldValue\":\"\"}")},
	{5, "Consent to application.", AD, "8",
		DIRECTORY("ServicePrincipal",
			"{\"Name\":\"ConsentAction.Permissions\",\"NewValue\":\"[[Id: %r, "
			"ClientId: %A, "
			"PrincipalId: %K, Scope: User.Read Mail.Read]]\",\"OldValue\":\"\"}")},
	{5, "Update application.", AD, "8",
		DIRECTORY("Application", "{\"Name\":\"KeyDescription\",\"NewValue\":\"[%g]\","
					 "\"OldValue\":\"[]\"}")},
};

#define TRAIL(read_only, request)                                                                  \
	"{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"   \
	"\"AROA%k:%l\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/%w/%l\",\"accountId\":"    \
	"\"111122223333\",\"accessKeyId\":\"ASIA%k\",\"sessionContext\":{\"sessionIssuer\":{"      \
	"\"type\":"                                                                                \
	"\"Role\",\"arn\":\"arn:aws:iam::111122223333:role/"                                       \
	"%w\",\"userName\":\"%w\"},\"attributes\":"                                                \
	"{\"creationDate\":\"%tZ\",\"mfaAuthenticated\":\"false\"}}},\"eventTime\":\"%tZ\","       \
	"\"eventSource\":\"%O.amazonaws.com\",\"eventName\":\"%N\",\"awsRegion\":\"eu-central-"    \
	"1\","                                                                                     \
	"\"sourceIPAddress\":\"%i\",\"userAgent\":\"%a\",\"requestParameters\":" request           \
	",\"responseElements\":null,\"requestID\":\"%g\",\"eventID\":\"%I\","                      \
	"\"readOnly\":" read_only                                                                  \
	",\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":"           \
	"\"111122223333\",\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":"        \
	"\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":"     \
	"\"%O.eu-central-1.amazonaws.com\"}}"
#define BUCKET "{\"bucketName\":\"%w-%w\",\"Host\":\"%w-%w.s3.eu-central-1.amazonaws.com\"}"

static const struct shape cloudtrail[] = {
	{2500, "AssumeRole", "sts", "",
		TRAIL("true",
			"{\"roleArn\":\"arn:aws:iam::111122223333:role/%w\",\"roleSessionName\":"
			"\"%r\"}")},
	{1500, "GetObject", "s3", "",
		TRAIL("true", "{\"bucketName\":\"%w-%w\",\"key\":\"%w/%F\"}")},
	{1200, "DescribeInstances", "ec2", "", TRAIL("true", "{\"maxResults\":%n}")},
	{900, "GetBucketAcl", "s3", "", TRAIL("true", BUCKET)},
	{800, "Decrypt", "kms", "", TRAIL("true", "{\"keyId\":\"%g\"}")},
	{700, "ListBuckets", "s3", "", TRAIL("true", "null")},
	{500, "GetSecretValue", "secretsmanager", "", TRAIL("true", "{\"secretId\":\"%w/%w\"}")},
	{300, "PutObject", "s3", "",
		TRAIL("false", "{\"bucketName\":\"%w-%w\",\"key\":\"%w/%F\"}")},
	{100, "CreateAccessKey", "iam", "", TRAIL("false", "{\"userName\":\"%l\"}")},
	{50, "RunInstances", "ec2", "", TRAIL("false", "{\"imageId\":\"ami-%r\",\"minCount\":1}")},
};

#define ZEEK(path, fields, types)                                                                  \
	"#separator "                                                                              \
	"\\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t" path           \
	"\n#open\t2024-01-01-00-00-00\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid."     \
	"resp_p"                                                                                   \
	"\t" fields "\n#types\ttime\tstring\taddr\tport\taddr\tport\t" types "\n"
#define ZEEK_END "#close\t2024-01-02-00-00-00\n"

static const struct shape zeek_conn[] = {
	{7000, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t443\ttcp\tssl\t0.%p\t%n\t%n\tSF\tT\tF\t0\tShADadFf\t12\t%"
		"n\t11\t%n\t-"},
	{2500, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t53\tudp\tdns\t0.00%"
		"p\t60\t120\tSF\tT\tT\t0\tDd\t1\t88\t1\t148\t-"},
	{500, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t%p\ttcp\t-\t-\t-\t-\tS0\tT\tF\t0\tS\t1\t44\t0\t0\t-"},
};
static const struct shape zeek_dns[] = {
	{8000, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t53\tudp\t%p\t0.00%p\t%H\t1\tC_"
		"INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t"
		"0\t%j\t300.000000\tF"},
	{2000, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t53\tudp\t%p\t0.00%p\t%H\t1\tC_"
		"INTERNET\t28\tAAAA\t3\tNXDOMAIN\tF\tF\t"
		"T\tT\t0\t-\t-\tF"},
};
static const struct shape zeek_http[] = {
	{10000, "", "", "",
		"%z\t%C\t%i\t%p\t%j\t80\t1\tGET\t%H\t/%w/"
		"%w?%w=%n\t-\t1.1\t%a\t-\t0\t%n\t200\tOK\t-\t-\t"
		"(empty)\t-\t-\t-\t-\t-\tF%r\t-\ttext/html"},
};

#define KIND(name, head, foot, ms, shapes)                                                         \
	{                                                                                          \
		name, head, foot, ms, shapes, COUNT(shapes)                                        \
	}
const struct log_kind log_kinds[] = {
	KIND("ual", "", "", 170, ual),
	KIND("cloudtrail", "", "", 400, cloudtrail),
	KIND("zeek-conn",
		ZEEK("conn",
			"proto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\t"
			"local_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\t"
			"resp_ip_bytes\ttunnel_parents",
			"enum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\t"
			"count\tcount\tcount\tcount\tset[string]"),
		ZEEK_END, 20, zeek_conn),
	KIND("zeek-dns",
		ZEEK("dns",
			"proto\ttrans_id\trtt\tquery\tqclass\tqclass_name\tqtype\tqtype_"
			"name\trcode\t"
			"rcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected",
			"enum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\tcount\tstring"
			"\t"
			"bool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool"),
		ZEEK_END, 30, zeek_dns),
	KIND("zeek-http",
		ZEEK("http",
			"trans_depth\tmethod\thost\turi\treferrer\tversion\tuser_agent\torigin\t"
			"request_body_len\tresponse_body_len\tstatus_code\tstatus_msg\tinfo_code\t"
			"info_msg\ttags\tusername\tpassword\tproxied\torig_fuids\torig_filenames\t"
			"resp_fuids\tresp_filenames\tresp_mime_types",
			"count\tstring\tstring\tstring\tstring\tstring\tstring\tstring\tcount\tcoun"
			"t\t"
			"count\tstring\tcount\tstring\tset[enum]\tstring\tstring\tset[string]\t"
			"vector[string]\tvector[string]\tvector[string]\tvector[string]\tvector["
			"string]"),
		ZEEK_END, 50, zeek_http),
};
const size_t n_log_kinds = COUNT(log_kinds);
