#include "bench/vocabulary.hpp"

#include "bench/values.hpp"

namespace escudo::writer {
namespace {

using Texts = std::vector<std::string>;

const Texts programs = {"svchost.exe",       "cmd.exe",
                        "powershell.exe",    "explorer.exe",
                        "chrome.exe",        "msedge.exe",
                        "lsass.exe",         "services.exe",
                        "rundll32.exe",      "dllhost.exe",
                        "taskhostw.exe",     "RuntimeBroker.exe",
                        "SearchIndexer.exe", "MsMpEng.exe",
                        "spoolsv.exe",       "wmiprvse.exe",
                        "conhost.exe",       "OUTLOOK.EXE",
                        "WINWORD.EXE",       "EXCEL.EXE",
                        "Teams.exe",         "OneDrive.exe",
                        "notepad.exe",       "msiexec.exe",
                        "wuauclt.exe",       "schtasks.exe",
                        "net.exe",           "reg.exe",
                        "WMIC.exe",          "sc.exe",
                        "whoami.exe",        "ipconfig.exe",
                        "git.exe",           "python.exe",
                        "java.exe",          "sqlservr.exe",
                        "w3wp.exe",          "backgroundTaskHost.exe"};
const Texts homes = {"C:\\Windows\\System32\\",
                     "C:\\Windows\\System32\\",
                     "C:\\Windows\\SysWOW64\\",
                     "C:\\Windows\\",
                     "C:\\Program Files\\",
                     "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\",
                     "C:\\Program Files\\Google\\Chrome\\Application\\",
                     "C:\\Program Files\\Common Files\\microsoft shared\\ClickToRun\\",
                     "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24010.12-0\\",
                     "C:\\Users\\m.schmidt\\AppData\\Local\\Temp\\",
                     "C:\\Windows\\System32\\wbem\\"};
const Texts switches = {
    " -k netsvcs -p -s Schedule",
    " -k LocalServiceNetworkRestricted -p",
    " /c dir /s /b C:\\Data",
    " -Embedding",
    " --type=renderer --field-trial-handle=1724,i,1178,131072 --lang=en-US "
    "--enable-features=NetworkService",
    " -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\\Scripts\\inventory.ps1",
    " /V /Q",
    " query HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /s",
    " /create /sc daily /tn Backup /tr C:\\Tools\\backup.cmd",
    " process get caption,executablepath,commandline /format:csv",
    " useraccount get /ALL /format:csv",
    " -c \"import sys; print(sys.version)\"",
    " user",
    " start BITS",
    " --single-argument https://intranet.corp.example/start",
    " C:\\Windows\\System32\\shell32.dll,Control_RunDLL",
    ""};
const Texts words = {"report",  "archive", "update",   "session",  "cache",     "profile",
                     "network", "device",  "storage",  "policy",   "telemetry", "index",
                     "account", "budget",  "projekt",  "bericht",  "données",   "inventory",
                     "driver",  "package", "manifest", "settings", "history",   "contract"};
const Texts users = {"m.schmidt",     "a.jansen",      "j.doe",           "svc_backup", "svc_sql",
                     "administrator", "k.nguyen",      "l.rossi",         "p.martin",   "o.müller",
                     "SYSTEM",        "LOCAL SERVICE", "NETWORK SERVICE", "WKS0117$",   "DC01$",
                     "b.owusu",       "r.haddad"};
const Texts hosts = {"wks0117.corp.example",
                     "dc01.corp.example",
                     "files02.corp.example",
                     "sql01.corp.example",
                     "login.microsoftonline.com",
                     "update.googleapis.com",
                     "ctldl.windowsupdate.com",
                     "intranet.corp.example",
                     "mail.corp.example",
                     "cdn.example.net",
                     "-"};

class Maker {
 public:
  explicit Maker(Random& random) : random_(random) {}

  std::map<std::string, Texts> all() {
    fixed();
    paths();
    prose();
    matching();
    return std::move(pools_);
  }

 private:
  const std::string& any(const Texts& from) { return from[random_.below(from.size())]; }
  std::string number(std::uint64_t n) { return std::to_string(random_.below(n)); }

  template <class Make>
  void pool(const std::string& name, int size, Make make) {
    Texts& texts = pools_[name];
    for (int i = 0; i < size; ++i) texts.push_back(make());
  }

  std::string sentence(std::uint64_t n) {
    std::string s;
    for (std::uint64_t i = 0; i < n; ++i) s += (i ? " " : "") + any(words);
    return s;
  }

  std::string program_path() { return any(homes) + any(programs); }

  // WMIC is in the vocabulary, with switches that ask but never create.
  std::string command_line() {
    std::string path = program_path();
    if (random_.one_in(3)) path = path.substr(path.rfind('\\') + 1);
    if (path.find(' ') != path.npos || random_.one_in(2)) path = "\"" + path + "\"";
    std::string line = path + (random_.one_in(2) ? " " : "") + any(switches);
    while (random_.one_in(3)) line += " --" + any(words) + "=" + number(100000);
    if (random_.one_in(30)) line += " -enc " + base64(200 + random_.below(1500));
    return line;
  }

  std::string base64(std::uint64_t n) {
    std::string s;
    while (s.size() < n)
      s += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random_.below(64)];
    return s;
  }

  std::string script() {
    std::string s = "function Get-" + any(words) +
                    " {\r\n  param([string]$Name, [int]$Count = " + number(50) + ")\r\n";
    for (std::uint64_t i = 3 + random_.below(40); i > 0; --i) {
      s += "  $" + any(words) + number(9) + " = Get-Item -Path \"C:\\Data\\" + any(words) +
           "\" | Where-Object { $_.Length -gt " + number(100000) + " -and $_.Name -like '*" +
           any(words) + "*' }\r\n";
    }
    return s + "}\r\n";
  }

  void fixed() {
    pools_ = {
        {"dash", {"-"}},
        {"empty", {""}},
        {"zero_text", {"0"}},
        {"security", {"Security"}},
        {"set_value", {"SetValue"}},
        {"valid", {"Valid", "Valid", "Valid", "Unavailable"}},
        {"bool_text", {"true", "true", "true", "false"}},
        {"integrity", {"System", "High", "Medium", "Low", "AppContainer"}},
        {"key_event", {"CreateKey", "DeleteKey", "DeleteValue"}},
        {"pipe_event", {"CreatePipe", "ConnectPipe"}},
        {"protocol", {"tcp", "tcp", "udp"}},
        {"state", {"running", "stopped"}},
        {"start_type", {"auto start", "demand start", "disabled"}},
        {"service_type", {"user mode service", "kernel mode driver"}},
        {"elevation", {"%%1936", "%%1937", "%%1938", "%%1842", "%%1843", "%%1833"}},
        {"direction", {"%%14592", "%%14593"}},
        {"layer", {"%%14608", "%%14610", "%%14611"}},
        {"reason", {"%%2313", "%%2304", "%%2310", "Unknown"}},
        {"object_type", {"File", "Key", "Process", "SC_MANAGER OBJECT"}},
        {"package", {"Negotiate", "Kerberos", "NTLM", "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0"}},
        {"logon_process", {"Advapi  ", "Kerberos", "User32 ", "NtLmSsp "}},
        {"domain", {"CORP", "NT AUTHORITY", "WKS0117", "CORP.EXAMPLE"}},
        {"company",
         {"Microsoft Corporation", "Microsoft Windows", "Google LLC", "Example Software GmbH",
          "-"}},
        {"product",
         {"Microsoft® Windows® Operating System", "Microsoft Office", "Google Chrome",
          "Microsoft Defender Antivirus", "-"}},
        {"user", users},
        {"host", hosts},
        {"share", {"\\\\*\\IPC$", "\\\\*\\C$", "\\\\*\\Projects", "\\\\*\\SYSVOL"}},
        {"privileges",
         {"SeSecurityPrivilege\r\n\t\t\tSeTakeOwnershipPrivilege\r\n\t\t\tSeLoadDriverPrivilege\r\n"
          "\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege\r\n\t\t\tSeDebugPrivilege\r\n\t\t\tS"
          "eSystemEnvironmentPrivilege\r\n\t\t\tSeImpersonatePrivilege",
          "SeAssignPrimaryTokenPrivilege\r\n\t\t\tSeTcbPrivilege\r\n\t\t\tSeSecurityPrivilege\r\n\t"
          "\t\tSeAuditPrivilege",
          "SeDebugPrivilege"}},
        {"access_list",
         {"%%1538\r\n\t\t\t\t%%1541\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4423\r\n\t\t\t\t",
          "%%4416\r\n\t\t\t\t", "%%1537\r\n\t\t\t\t%%4424\r\n\t\t\t\t"}},
    };
    for (const std::string& u : users)
      pools_["account"].push_back(
          (u.find(' ') == u.npos && u != "SYSTEM" ? "CORP\\" : "NT AUTHORITY\\") + u);
  }

  void paths() {
    pool("image", 400, [&] { return program_path(); });
    pool("original_name", 60, [&] { return any(programs); });
    pool("folder", 100, [&] { return any(homes); });
    pool("library", 800, [&] { return any(homes) + any(words) + number(300) + ".dll"; });
    pool("file", 4000, [&] {
      return "C:\\Users\\" + any(users) + "\\AppData\\Local\\" + any(words) + "\\" + any(words) +
             "_" + number(100000) + (random_.one_in(2) ? ".tmp" : ".log");
    });
    pool("device_path", 300, [&] {
      return "\\device\\harddiskvolume" + number(5) + "\\windows\\system32\\" + any(programs);
    });
    pool("pipe", 300, [&] { return "\\" + any(words) + "." + number(9999) + "." + number(9999); });
    pool("key", 3000, [&] {
      return (random_.one_in(2)
                  ? "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\"
                  : "HKU\\S-1-5-21-1004336348-1177238915-682003330-1104\\Software\\") +
             any(words) + "\\" + any(words) + "\\" + any(words) + number(1000);
    });
    pool("key_value", 2000, [&] {
      return random_.one_in(2) ? "DWORD (0x0000" + std::to_string(1000 + random_.below(9000)) + ")"
                               : any(homes) + any(words) + ".exe";
    });
    pool("url", 500, [&] {
      return "http://" + any(hosts) + "/filestreamingservice/files/" + number(1u << 30) +
             "?P1=" + number(1u << 30) + "&P2=404&P3=2&P4=" + base64(60);
    });
    pool("command_line", 6000, [&] { return command_line(); });
    pool("service", 200, [&] { return any(words) + " " + any(words) + " Service"; });
    pool("task", 200,
         [&] { return "\\Microsoft\\Windows\\" + any(words) + "\\" + any(words) + number(30); });
    pool("ip", 3000, [&] {
      return random_.one_in(8) ? "fe80:0:0:0:" + number(9999) + ":ff:fe00:" + number(9999)
                               : "10." + number(255) + "." + number(255) + "." + number(255);
    });
  }

  void prose() {
    pool("version", 200,
         [&] { return "10.0." + number(22000) + "." + number(3000) + " (WinBuild.160101.0800)"; });
    pool("description", 400, [&] { return sentence(2 + random_.below(6)); });
    pool("answers", 500, [&] {
      return "type:  5 " + any(hosts) + ";::ffff:10." + number(255) + "." + number(255) + ".7;";
    });
    pool("call_trace", 500, [&] {
      std::string s = "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4e4";
      for (std::uint64_t i = 2 + random_.below(6); i > 0; --i)
        s += "|C:\\Windows\\System32\\" + any(words) + ".dll+" + number(900000);
      return s;
    });
    pool("address", 200,
         [&] { return "0x00007FF" + std::to_string(100000000 + random_.below(800000000)); });
    pool("payload", 500, [&] {
      return "CommandInvocation(Get-" + any(words) + "): \"Get-" + any(words) +
             "\"\r\nParameterBinding(Get-" + any(words) + "): name=\"Path\"; value=\"" +
             any(homes) + "\"\r\n";
    });
    pool("context", 300, [&] {
      return "        Severity = Informational\r\n        Host Name = ConsoleHost\r\n        Host "
             "Version = 5.1." +
             number(22000) + "\r\n        Host Application = " + program_path() +
             "\r\n        Engine Version = 5.1\r\n        Runspace ID = " + number(1u << 30) +
             "\r\n        User = CORP\\" + any(users) + "\r\n";
    });
    pool("script", 300, [&] { return script(); });
    pool("query", 200, [&] {
      return "Start IWbemServices::ExecQuery - root\\cimv2 : SELECT * FROM Win32_" + any(words) +
             " WHERE Name='" + any(words) + number(1000) + "'";
    });
    pool("task_xml", 100, [&] {
      return "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\">\r\n  <Actions "
             "Context=\"Author\">\r\n    <Exec>\r\n      <Command>" +
             program_path() + "</Command>\r\n      <Arguments>/" + any(words) +
             "</Arguments>\r\n    </Exec>\r\n  </Actions>\r\n</Task>";
    });
  }

  void matching() {
    pools_["matching_image"] = {"C:\\Windows\\System32\\wbem\\WMIC.exe",
                                "C:\\Windows\\SysWOW64\\wbem\\WMIC.exe"};
    pool("matching_command_line", 40, [&] {
      return "wmic  /node:\"10.0." + number(255) + "." + number(255) +
             "\" process call create \"cmd.exe /c " + any(programs) + " > C:\\Windows\\Temp\\" +
             any(words) + number(1000) + ".txt\"";
    });
  }

  Random& random_;
  std::map<std::string, Texts> pools_;
};

}  // namespace

std::map<std::string, std::vector<std::string>> make_vocabulary(Random& random) {
  return Maker(random).all();
}

}  // namespace escudo::writer
