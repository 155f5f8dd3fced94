// The table is in the order of lookup: a label under its section first, then the label wherever it
// stands. Tested by tests/unit/sources/classic.cpp.

#include "sources/classic/labels.hpp"

namespace escudo::sources {
namespace {

struct Entry {
  std::string_view section;  // empty: any
  std::string_view label;
  LabelName xml;
};

// Sections that describe the account an event is about.
constexpr std::string_view target_sections[] = {
    "New Logon",
    "Account Whose Credentials Were Used",
    "Account For Which Logon Failed",
    "Target Account",
    "New Account",
    "New Computer Account",
    "Computer Account That Was Changed",
    "Target Computer",
    "Account That Was Locked Out",
    "Account Information",
    "Target Subject",
    "User",
};

constexpr Entry of_target[] = {
    {"", "Security ID", {"TargetSid"}},
    {"", "User ID", {"TargetSid"}},
    {"", "Account Name", {"TargetUserName"}},
    {"", "Account Domain", {"TargetDomainName"}},
    {"", "Supplied Realm Name", {"TargetDomainName"}},
    {"", "Logon ID", {"TargetLogonId"}},
    {"", "Logon GUID", {"LogonGuid"}},
};

constexpr Entry entries[] = {
    {"Subject", "Security ID", {"SubjectUserSid"}},
    {"Subject", "Account Name", {"SubjectUserName"}},
    {"Subject", "Account Domain", {"SubjectDomainName"}},
    {"Subject", "Domain Name", {"SubjectDomainName"}},
    {"Subject", "Logon ID", {"SubjectLogonId"}},
    {"Creator Subject", "Security ID", {"SubjectUserSid"}},
    {"Creator Subject", "Account Name", {"SubjectUserName"}},
    {"Creator Subject", "Account Domain", {"SubjectDomainName"}},
    {"Creator Subject", "Logon ID", {"SubjectLogonId"}},
    {"Member", "Security ID", {"MemberSid"}},
    {"Member", "Account Name", {"MemberName"}},
    {"Group", "Security ID", {"TargetSid"}},
    {"Group", "Account Name", {"TargetUserName"}},
    {"Group", "Account Domain", {"TargetDomainName"}},
    {"Group", "Group Name", {"TargetUserName"}},
    {"Group", "Group Domain", {"TargetDomainName"}},
    {"New Group", "Security ID", {"TargetSid"}},
    {"New Group", "Group Name", {"TargetUserName"}},
    {"New Group", "Group Domain", {"TargetDomainName"}},
    {"Target Server", "Target Server Name", {"TargetServerName"}},
    {"Target Server", "Additional Information", {"TargetInfo"}},
    {"Attributes", "SAM Account Name", {"SamAccountName"}},
    {"Attributes", "Display Name", {"DisplayName"}},
    {"Attributes", "User Principal Name", {"UserPrincipalName"}},
    {"Attributes", "Service Principal Names", {"ServicePrincipalNames", true}},
    {"Attributes", "DNS Host Name", {"DnsHostName"}},
    {"Attributes", "SID History", {"SidHistory"}},
    {"Attributes", "AllowedToDelegateTo", {"AllowedToDelegateTo"}},
    {"Attributes", "Primary Group ID", {"PrimaryGroupId"}},
    {"Changed Attributes", "SAM Account Name", {"SamAccountName"}},
    {"Changed Attributes", "Display Name", {"DisplayName"}},
    {"Changed Attributes", "User Principal Name", {"UserPrincipalName"}},
    {"Changed Attributes", "Service Principal Names", {"ServicePrincipalNames", true}},
    {"Changed Attributes", "DNS Host Name", {"DnsHostName"}},
    {"Changed Attributes", "SID History", {"SidHistory"}},
    {"Changed Attributes", "AllowedToDelegateTo", {"AllowedToDelegateTo"}},
    {"Changed Attributes", "Primary Group ID", {"PrimaryGroupId"}},
    {"Directory Service", "Name", {"DSName"}},
    {"Directory Service", "Type", {"DSType"}},
    {"Object", "DN", {"ObjectDN"}},
    {"Object", "GUID", {"ObjectGUID"}},
    {"Object", "Class", {"ObjectClass"}},
    {"Attribute", "LDAP Display Name", {"AttributeLDAPDisplayName"}},
    {"Attribute", "Syntax (OID)", {"AttributeSyntaxOID"}},
    {"Attribute", "Value", {"AttributeValue"}},
    {"Operation", "Type", {"OperationType"}},
    {"Operation", "Operation Type", {"OperationType"}},
    {"Operation", "Correlation ID", {"OpCorrelationID"}},
    {"Operation", "Application Correlation ID", {"AppCorrelationID"}},
    {"Operation", "Accesses", {"AccessList", true}},
    {"Operation", "Access Mask", {"AccessMask"}},
    {"Operation", "Properties", {"Properties", true}},
    {"Application Information", "Process ID", {"ProcessId"}},
    {"Application Information", "Application Name", {"Application"}},
    {"Network Information", "Direction", {"Direction"}},
    {"Network Information", "Source Port", {"IpPort"}},
    {"Network Information", "Client Port", {"IpPort"}},
    {"Network Information", "Port", {"IpPort"}},
    {"Network Information", "Network Address", {"IpAddress"}},
    {"Network Information", "Destination Address", {"DestAddress"}},
    {"Network Information", "Destination Port", {"DestPort"}},
    {"Process Information", "Process ID", {"ProcessId"}},
    {"Process", "Process ID", {"ProcessId"}},
    {"Service Information", "Service Name", {"ServiceName"}},
    {"Service Information", "Service ID", {"ServiceSid"}},
    {"Service Information", "Service File Name", {"ServiceFileName"}},
    {"Service Information", "Service Type", {"ServiceType"}},
    {"Service Information", "Service Start Type", {"ServiceStartType"}},
    {"Service Information", "Service Account", {"ServiceAccount"}},
    {"Change Information", "Old Value", {"OldValue"}},
    {"Change Information", "New Value", {"NewValue"}},
    {"Change Information", "Old Value Type", {"OldValueType"}},
    {"Change Information", "New Value Type", {"NewValueType"}},
    // A service that the service control manager reports (System 7045).
    {"", "Service Name", {"ServiceName"}},
    {"", "Service File Name", {"ImagePath"}},
    {"", "Service Type", {"ServiceType"}},
    {"", "Service Start Type", {"StartType"}},
    {"", "Service Account", {"AccountName"}},
    {"", "Logon Type", {"LogonType"}},
    {"", "Elevated Token", {"ElevatedToken"}},
    {"", "Impersonation Level", {"ImpersonationLevel"}},
    {"", "Failure Reason", {"FailureReason"}},
    {"", "Status", {"Status"}},
    {"", "Sub Status", {"SubStatus"}},
    {"", "Error Code", {"Status"}},
    {"", "Result Code", {"Status"}},
    {"", "Failure Code", {"Status"}},
    {"", "Workstation Name", {"WorkstationName"}},
    {"", "Source Workstation", {"Workstation"}},
    {"", "Logon Account", {"TargetUserName"}},
    {"", "Authentication Package", {"AuthenticationPackageName"}},
    {"", "Logon Process", {"LogonProcessName"}},
    {"", "Package Name (NTLM only)", {"LmPackageName"}},
    {"", "Key Length", {"KeyLength"}},
    {"", "Source Network Address", {"IpAddress"}},
    {"", "Source Address", {"IpAddress"}},
    {"", "Client Address", {"IpAddress"}},
    {"", "Ticket Options", {"TicketOptions"}},
    {"", "Ticket Encryption Type", {"TicketEncryptionType"}},
    {"", "Pre-Authentication Type", {"PreAuthType"}},
    {"", "Certificate Issuer Name", {"CertIssuerName"}},
    {"", "Certificate Serial Number", {"CertSerialNumber"}},
    {"", "Certificate Thumbprint", {"CertThumbprint"}},
    {"", "New Process ID", {"NewProcessId"}},
    {"", "New Process Name", {"NewProcessName"}},
    {"", "Creator Process ID", {"ProcessId"}},
    {"", "Creator Process Name", {"ParentProcessName"}},
    {"", "Process Command Line", {"CommandLine"}},
    {"", "Process Name", {"ProcessName"}},
    {"", "Caller Process Name", {"ProcessName"}},
    {"", "Caller Process ID", {"ProcessId"}},
    {"", "Caller Computer Name", {"TargetDomainName"}},
    {"", "Mandatory Label", {"MandatoryLabel"}},
    {"", "Task Name", {"TaskName"}},
    {"", "Task Content", {"TaskContent", true, "</Task>"}},
    {"", "Task New Content", {"TaskContentNew", true, "</Task>"}},
    {"", "Object Server", {"ObjectServer"}},
    {"", "Object Type", {"ObjectType"}},
    {"", "Object Name", {"ObjectName"}},
    {"", "Object Value Name", {"ObjectValueName"}},
    {"", "Handle ID", {"HandleId"}},
    {"", "Accesses", {"AccessList", true}},
    {"", "Access Mask", {"AccessMask"}},
    {"", "Access Reasons", {"AccessReason", true}},
    {"", "Share Name", {"ShareName"}},
    {"", "Share Path", {"ShareLocalPath"}},
    {"", "Relative Target Name", {"RelativeTargetName"}},
    {"", "Privileges", {"PrivilegeList", true}},
    {"", "Old Account Name", {"OldTargetUserName"}},
    {"", "New Account Name", {"NewTargetUserName"}},
    {"", "Category", {"CategoryId"}},
    {"", "Subcategory", {"SubcategoryId"}},
    {"", "Subcategory GUID", {"SubcategoryGuid"}},
    {"", "Changes", {"AuditPolicyChanges"}},
};

}  // namespace

LabelName xml_name(std::string_view section, std::string_view label) {
  for (const Entry& entry : entries) {
    if (!entry.section.empty() && entry.section == section && entry.label == label) {
      return entry.xml;
    }
  }
  for (const std::string_view target : target_sections) {
    if (target != section) continue;
    for (const Entry& entry : of_target) {
      if (entry.label == label) return entry.xml;
    }
  }
  for (const Entry& entry : entries) {
    if (entry.section.empty() && entry.label == label) return entry.xml;
  }
  return {};
}

std::string_view xml_value(std::string_view name, std::string_view text) {
  if (name != "OperationType") return text;
  if (text == "Value Added") return "%%14674";
  if (text == "Value Deleted") return "%%14675";
  return text;
}

}  // namespace escudo::sources
