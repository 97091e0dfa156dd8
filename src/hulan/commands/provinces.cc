// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/provinces.h"

#include <algorithm>
#include <string>

#include "model/region.h"

namespace hulan::app {
namespace {

struct Province {
  std::uint32_t code;
  std::string_view zh, zh_full, en;
};

constexpr Province kProvinces[] = {
    {11, "北京", "北京市", "Beijing"},
    {12, "天津", "天津市", "Tianjin"},
    {13, "河北", "河北省", "Hebei"},
    {14, "山西", "山西省", "Shanxi"},
    {15, "内蒙古", "内蒙古自治区", "Inner Mongolia"},
    {21, "辽宁", "辽宁省", "Liaoning"},
    {22, "吉林", "吉林省", "Jilin"},
    {23, "黑龙江", "黑龙江省", "Heilongjiang"},
    {31, "上海", "上海市", "Shanghai"},
    {32, "江苏", "江苏省", "Jiangsu"},
    {33, "浙江", "浙江省", "Zhejiang"},
    {34, "安徽", "安徽省", "Anhui"},
    {35, "福建", "福建省", "Fujian"},
    {36, "江西", "江西省", "Jiangxi"},
    {37, "山东", "山东省", "Shandong"},
    {41, "河南", "河南省", "Henan"},
    {42, "湖北", "湖北省", "Hubei"},
    {43, "湖南", "湖南省", "Hunan"},
    {44, "广东", "广东省", "Guangdong"},
    {45, "广西", "广西壮族自治区", "Guangxi"},
    {46, "海南", "海南省", "Hainan"},
    {50, "重庆", "重庆市", "Chongqing"},
    {51, "四川", "四川省", "Sichuan"},
    {52, "贵州", "贵州省", "Guizhou"},
    {53, "云南", "云南省", "Yunnan"},
    {54, "西藏", "西藏自治区", "Tibet"},
    {61, "陕西", "陕西省", "Shaanxi"},
    {62, "甘肃", "甘肃省", "Gansu"},
    {63, "青海", "青海省", "Qinghai"},
    {64, "宁夏", "宁夏回族自治区", "Ningxia"},
    {65, "新疆", "新疆维吾尔自治区", "Xinjiang"},
    {71, "台湾", "台湾省", "Taiwan"},
    {81, "香港", "香港特别行政区", "Hong Kong"},
    {82, "澳门", "澳门特别行政区", "Macau"},
};
static_assert(sizeof(kProvinces) / sizeof(Province) == model::kMaxZones);

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

std::uint32_t province_by_name(std::string_view name) {
  std::string_view bare = name;
  for (const std::string_view ending : {"省", "市", "自治区"}) {
    if (bare.size() > ending.size() && bare.ends_with(ending)) {
      bare.remove_suffix(ending.size());
      break;
    }
  }
  for (const Province& province : kProvinces) {
    if (bare == province.zh || name == province.zh_full || lower(name) == lower(province.en) ||
        name == std::to_string(province.code)) {
      return province.code;
    }
  }
  return 0;
}

}  // namespace hulan::app
